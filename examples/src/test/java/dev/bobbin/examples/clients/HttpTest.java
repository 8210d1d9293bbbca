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

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bobbin.api.ThreadPool;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
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

  /** On older JDKs the answer never comes and nor does a failure (JDK-8277969): stop the pool last. */
  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
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
    private final HttpServer server;

    Site(ThreadPool pool, Supplier<String> answer) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", exchange -> send(exchange, answer.get()));
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

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
