package dev.bobbin.examples.clients;

import static dev.bobbin.examples.clients.SharedPool.assertWorker;
import static dev.bobbin.examples.clients.SharedPool.get;
import static dev.bobbin.examples.clients.SharedPool.refusalIn;
import static dev.bobbin.examples.clients.SharedPool.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.examples.LogCapture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnJre;
import org.junit.jupiter.api.condition.JRE;

/**
 * The JDK's {@link HttpServer} and {@link HttpClient}, with a pool as their executor.
 *
 * <p>What depends on the client's future without an executor of its own runs in the common pool, and
 * not on ours: the client sees to that.
 */
class HttpTest {
  @Test
  void handlerAndStage_runOnWorkers() throws Exception {
    try (ThreadPool pool = SharedPool.start(8);
        var site = new Site(pool, SharedPool::here)) {
      HttpClient client = client(pool);
      var answers = new ArrayList<CompletableFuture<String>>();
      for (int i = 0; i < 20; i++) {
        answers.add(
            site.ask(client).thenApplyAsync(answer -> answer + " " + SharedPool.here(), pool));
      }
      for (CompletableFuture<String> answer : answers) {
        for (String thread : get(answer).split(" ")) {
          assertWorker(thread);
        }
      }
      stopped(pool);
    }
  }

  /** The server closes the connection; the pool's books show nothing. */
  @Test
  void failureOfAHandler_isAnIoExceptionForTheClient() throws Exception {
    try (ThreadPool pool = SharedPool.start(8);
        var site = new Site(pool, () -> {
          throw new IllegalStateException("no rows");
        })) {
      CompletableFuture<String> answer = site.ask(client(pool));
      var failure = assertThrows(ExecutionException.class, () -> get(answer));
      assertInstanceOf(IOException.class, failure.getCause());
      assertEquals(0, stopped(pool).failed());
    }
  }

  /** The server knows nothing of errors, and leaves the connection open: give requests a timeout. */
  @Test
  void errorOfAHandler_isReportedByThePool_andHeardByTheClientWhenTheServerEnds() throws Exception {
    try (ThreadPool clients = SharedPool.start(8);
        ThreadPool pool = SharedPool.start(8);
        var log = LogCapture.of("dev.bobbin.failures", Level.ERROR);
        var site = new Site(pool, () -> {
          throw new AssertionError("not that");
        })) {
      CompletableFuture<String> answer = site.ask(client(clients));
      Held.await(site.asked);
      assertEquals(1, stopped(pool).failed());
      assertEquals(1, log.events().size());
      assertEquals("not that", log.events().get(0).getThrowableProxy().getMessage());
      assertFalse(answer.isDone());

      site.end();
      var failure = assertThrows(ExecutionException.class, () -> get(answer));
      assertInstanceOf(IOException.class, failure.getCause());
      stopped(clients);
    }
  }

  /** The client hangs up; nobody interrupts the handler. */
  @Test
  void cancel_ofARequest_leavesTheHandlerAlone() throws Exception {
    try (ThreadPool pool = SharedPool.start(8);
        var held = new Held();
        var site = new Site(pool, () -> held.then("late"))) {
      CompletableFuture<String> answer = site.ask(client(pool));
      held.awaitBegun();
      assertTrue(answer.cancel(true));
      held.release();
      SharedPool.assertStillServes(pool);
      stopped(pool);
      assertFalse(held.wasInterrupted());
    }
  }

  /** Close the client where there is a close (from JDK 21 on), stop the server, and then the pool. */
  @Test
  void endOfClientAndServer_leavesThePoolRunning() throws Exception {
    try (ThreadPool pool = SharedPool.start(8)) {
      Object client = client(pool);
      try (var site = new Site(pool, SharedPool::here)) {
        assertWorker(get(site.ask((HttpClient) client)));
      }
      if (client instanceof AutoCloseable closeable) {
        closeable.close();
      }
      SharedPool.assertStillServes(pool);
      stopped(pool);
    }
  }

  @Test
  void drain_letsTheHandlerAnswer() throws Exception {
    try (ThreadPool clients = SharedPool.start(8);
        ThreadPool pool = SharedPool.start(8);
        var held = new Held();
        var site = new Site(pool, () -> held.then("answered"))) {
      CompletableFuture<String> answer = site.ask(client(clients));
      held.awaitBegun();
      pool.shutdown();
      held.release();
      assertEquals("answered", get(answer));
      assertEquals(1, stopped(pool).completed());
    }
  }

  @Test
  void stoppedPoolOfTheServer_hangsUpOnTheClient() throws Exception {
    try (ThreadPool clients = SharedPool.start(8);
        ThreadPool pool = SharedPool.start(8);
        var site = new Site(pool, SharedPool::here)) {
      stopped(pool);
      CompletableFuture<String> answer = site.ask(client(clients));
      var failure = assertThrows(ExecutionException.class, () -> get(answer));
      assertInstanceOf(IOException.class, failure.getCause());
      assertTrue(pool.statistics().refused() > 0, pool::toString);
      stopped(clients);
    }
  }

  @Test
  void stoppedPoolOfTheClient_refusesTheRequestByThrowing() throws Exception {
    try (ThreadPool clients = SharedPool.start(8);
        ThreadPool pool = SharedPool.start(8);
        var site = new Site(pool, SharedPool::here)) {
      stopped(clients);
      HttpClient client = client(clients);
      refusalIn(assertThrows(RejectedExecutionException.class, () -> site.ask(client)));
      stopped(pool);
    }
  }

  /** So stop the pool last. */
  @Test
  @DisabledOnJre(value = JRE.JAVA_17, disabledReason = "there neither answer nor failure comes")
  void poolOfTheClientThatStopsMeanwhile_failsTheRequest() throws Exception {
    try (ThreadPool clients = SharedPool.start(8);
        ThreadPool pool = SharedPool.start(8);
        var held = new Held();
        var site = new Site(pool, () -> held.then("unheard"))) {
      CompletableFuture<String> answer = site.ask(client(clients));
      held.awaitBegun();
      stopped(clients);
      held.release();
      refusalIn(assertThrows(ExecutionException.class, () -> get(answer)));
      stopped(pool);
    }
  }

  private static HttpClient client(ThreadPool pool) {
    return HttpClient.newBuilder().executor(pool).build();
  }

  /** A server on the loopback whose answer is what it is told to compute. */
  private static final class Site implements AutoCloseable {
    /** Counted down when the first request has come. */
    final CountDownLatch asked = new CountDownLatch(1);

    private final HttpServer server;

    Site(ThreadPool pool, Supplier<String> answer) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", exchange -> {
        asked.countDown();
        send(exchange, answer.get());
      });
      server.setExecutor(pool);
      server.start();
    }

    private static void send(HttpExchange exchange, String answer) throws IOException {
      try (exchange) {
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    }

    CompletableFuture<String> ask(HttpClient client) {
      InetSocketAddress at = server.getAddress();
      URI uri = URI.create("http://" + at.getAddress().getHostAddress() + ":" + at.getPort());
      return client
          .sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
          .thenApply(response -> response.body());
    }

    void end() {
      server.stop(0);
    }

    @Override
    public void close() {
      end();
    }
  }
}
