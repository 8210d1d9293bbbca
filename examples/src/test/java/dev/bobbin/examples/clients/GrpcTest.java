package dev.bobbin.examples.clients;

import static dev.bobbin.examples.clients.SharedPool.assertWorker;
import static dev.bobbin.examples.clients.SharedPool.get;
import static dev.bobbin.examples.clients.SharedPool.refusalIn;
import static dev.bobbin.examples.clients.SharedPool.stopped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/**
 * A gRPC server and channel in one process, with a pool as the executor of both. End the channel and
 * the server first, and stop the pool last: gRPC has no answer to an executor that refuses.
 */
class GrpcTest {
  @Test
  void unaryCall_isAnsweredByAWorker() throws Exception {
    try (ThreadPool pool = SharedPool.start(4);
        var echo = new Echo(pool, pool, text -> text + " " + SharedPool.here())) {
      String[] answer = get(echo.ask("hello")).split(" ");
      assertEquals("hello", answer[0]);
      assertWorker(answer[1]);
      echo.end();
      stopped(pool);
    }
  }

  @Test
  void stream_isSentAndHeardByWorkers_inOrder() throws Exception {
    try (ThreadPool pool = SharedPool.start(4);
        var echo = new Echo(pool, pool, text -> text + " " + SharedPool.here())) {
      var heard = new Recorder();
      StreamObserver<String> requests = echo.talk(heard);
      for (int i = 0; i < 100; i++) {
        requests.onNext(Integer.toString(i));
      }
      requests.onCompleted();

      List<String> answers = get(heard.completed);
      assertEquals(100, answers.size());
      for (int i = 0; i < 100; i++) {
        String[] parts = answers.get(i).split(" ");
        assertEquals(Integer.toString(i), parts[0]);
        assertWorker(parts[1]);
        assertWorker(parts[2]);
      }
      echo.end();
      stopped(pool);
    }
  }

  @Test
  void failure_isAStatus() throws Exception {
    try (ThreadPool pool = SharedPool.start(4);
        var log = JulCapture.of("io.grpc");
        var echo = new Echo(pool, pool, text -> {
          throw new IllegalArgumentException("no rows");
        })) {
      Future<String> answer = echo.ask("hello");
      assertEquals(Status.Code.UNKNOWN, statusOf(answer).getCode());
      echo.end();
      assertEquals(0, stopped(pool).failed());
      assertEquals("no rows", log.only().getMessage());
    }
  }

  /** The server is told, on a worker, between two messages; no handler is interrupted. */
  @Test
  void cancel_ofACall_isToldToTheServer() throws Exception {
    try (ThreadPool pool = SharedPool.start(4);
        var echo = new Echo(pool, pool, text -> text)) {
      var heard = new Recorder();
      StreamObserver<String> requests = echo.talk(heard);
      requests.onNext("hello");
      Held.await(heard.begun);
      requests.onError(new IllegalStateException("enough"));

      assertWorker(get(echo.cancelled));
      assertEquals(Status.Code.CANCELLED, statusOf(heard.completed).getCode());
      echo.end();
      stopped(pool);
    }
  }

  @Test
  void cancel_ofARunningUnaryCall_doesNotInterruptItsHandler() throws Exception {
    try (ThreadPool pool = SharedPool.start(4);
        var held = new Held();
        var echo = new Echo(pool, pool, held::then)) {
      Future<String> answer = echo.ask("hello");
      held.awaitBegun();
      assertTrue(answer.cancel(true));
      held.release();
      echo.end();
      stopped(pool);
      assertFalse(held.wasInterrupted());
    }
  }

  @Test
  void endOfServerAndChannel_leavesThePoolRunning() throws Exception {
    try (ThreadPool pool = SharedPool.start(4);
        var echo = new Echo(pool, pool, text -> text)) {
      get(echo.ask("hello"));
      echo.end();
      SharedPool.assertStillServes(pool);
      stopped(pool);
    }
  }

  @Test
  void drain_letsARunningHandlerAnswer() throws Exception {
    try (ThreadPool clients = SharedPool.start(4);
        ThreadPool pool = SharedPool.start(4);
        var held = new Held();
        var echo = new Echo(pool, clients, held::then)) {
      Future<String> answer = echo.ask("answered");
      held.awaitBegun();
      pool.shutdown();
      held.release();
      assertEquals("answered", get(answer));
      stopped(pool);
    }
  }

  /** In one process the caller gets the refusal; over a network its connection would. */
  @Test
  void stoppedPoolOfTheServer_refusesACallByThrowing() {
    try (ThreadPool clients = SharedPool.start(4);
        ThreadPool pool = SharedPool.start(4);
        var log = JulCapture.of("io.grpc");
        var echo = new Echo(pool, clients, text -> text)) {
      stopped(pool);
      refusalIn(assertThrows(RejectedExecutionException.class, () -> echo.ask("hello")));
      stopped(clients);
      log.thrown().forEach(SharedPool::refusalIn);
    }
  }

  /** The refusal of the answer is logged, and the future hears of nothing. */
  @Test
  void stoppedPoolOfTheChannel_leavesAnAsynchronousCallUnanswered_butNotABlockingOne() {
    try (ThreadPool clients = SharedPool.start(4);
        ThreadPool pool = SharedPool.start(4);
        var log = JulCapture.of("io.grpc");
        var echo = new Echo(pool, clients, text -> text)) {
      stopped(clients);
      assertEquals("hello", echo.askAndWait("hello"));
      Future<String> answer = echo.ask("hello");
      stopped(pool); // so that nobody is left who could answer
      assertFalse(answer.isDone());
      assertFalse(log.thrown().isEmpty());
      log.thrown().forEach(SharedPool::refusalIn);
    }
  }

  private static Status statusOf(Future<?> answer) {
    var failure = assertThrows(ExecutionException.class, () -> get(answer)).getCause();
    return ((StatusRuntimeException) failure).getStatus();
  }

  /** The client's side: keeps what it hears, and the thread on which it does. */
  private static final class Recorder implements StreamObserver<String> {
    final CountDownLatch begun = new CountDownLatch(1);
    final CompletableFuture<List<String>> completed = new CompletableFuture<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void onNext(String text) {
      heard.add(text + " " + SharedPool.here());
      begun.countDown();
    }

    @Override
    public void onError(Throwable thrown) {
      completed.completeExceptionally(thrown);
    }

    @Override
    public void onCompleted() {
      completed.complete(heard);
    }
  }
}
