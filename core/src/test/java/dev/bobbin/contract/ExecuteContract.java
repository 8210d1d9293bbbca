package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code Executor}: a task runs, once, whatever the others do. */
interface ExecuteContract extends Contract {
  @Test
  default void execute_refusesNull() throws Exception {
    try (var tested = open(1)) {
      Contract.refusesNull(() -> tested.executor().execute(null));
    }
  }

  @Test
  default void execute_goesOn_afterItRefusedNull() throws Exception {
    try (var tested = open(1)) {
      Contract.refusesNull(() -> tested.executor().execute(null));
      var ran = new CompletableFuture<String>();
      tested.executor().execute(() -> ran.complete("ran"));
      assertEquals("ran", Patience.get(ran));
    }
  }

  @Test
  default void execute_runsTheTaskOnce() throws Exception {
    try (var tested = open(2)) {
      var ran = new AtomicInteger();
      tested.executor().execute(ran::incrementAndGet);
      tested.drain();
      assertEquals(1, ran.get());
    }
  }

  @Test
  default void execute_runsTheTaskOnAThreadOfItsOwn() throws Exception {
    try (var tested = open(1)) {
      var ran = new CompletableFuture<Thread>();
      tested.executor().execute(() -> ran.complete(Thread.currentThread()));
      assertNotSame(Thread.currentThread(), Patience.get(ran));
    }
  }

  @Test
  default void execute_returns_whileTheTaskRuns() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      tested.executor().execute(gate.task()); // or it would never return
      gate.awaitCome();
    }
  }

  @Test
  default void execute_returns_whileAllThreadsAreBusy() throws Exception {
    try (var tested = open(2)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      tested.executor().execute(ran::incrementAndGet);
      assertEquals(0, ran.get());
      busy.open();
      tested.drain();
      assertEquals(1, ran.get());
    }
  }

  @Test
  default void execute_keepsTheOrder_onOneThread() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var order = Collections.synchronizedList(new ArrayList<Integer>());
      IntStream.range(0, 100).forEach(number -> tested.executor().execute(() -> order.add(number)));
      busy.open();
      tested.drain();
      assertEquals(IntStream.range(0, 100).boxed().toList(), order);
    }
  }

  @Test
  default void execute_runsTasksSideBySide_onEveryThread() throws Exception {
    try (var tested = open(4)) {
      var together = new CountDownLatch(4);
      var met = new ArrayList<FutureTask<Boolean>>();
      for (int i = 0; i < 4; i++) {
        var task = new FutureTask<>(() -> {
          together.countDown();
          Patience.await(together, "the other tasks");
          return true;
        });
        met.add(task);
        tested.executor().execute(task);
      }
      for (FutureTask<Boolean> task : met) {
        assertEquals(true, Patience.get(task));
      }
    }
  }

  @Test
  default void execute_runsATaskAsOftenAsItIsGiven() throws Exception {
    try (var tested = open(2)) {
      var ran = new AtomicInteger();
      Runnable task = ran::incrementAndGet;
      for (int i = 0; i < 10; i++) {
        tested.executor().execute(task);
      }
      tested.drain();
      assertEquals(10, ran.get());
    }
  }

  @Test
  default void execute_runsEveryTaskOnce_whenManyThreadsGiveThem() throws Exception {
    try (var tested = open(3)) {
      int producers = 4;
      int each = 500;
      var ran = new AtomicIntegerArray(producers * each);
      var calls = new ArrayList<Beside<Object>>();
      for (int p = 0; p < producers; p++) {
        int first = p * each;
        calls.add(tested.beside(() -> {
          for (int i = first; i < first + each; i++) {
            int number = i;
            tested.executor().execute(() -> ran.incrementAndGet(number));
          }
          return null;
        }));
      }
      for (Beside<Object> call : calls) {
        call.result();
      }
      tested.drain();
      for (int i = 0; i < ran.length(); i++) {
        assertEquals(1, ran.get(i));
      }
    }
  }

  @Test
  default void execute_servesATaskThatATaskGives() throws Exception {
    try (var tested = open(1)) {
      var ran = new CompletableFuture<String>();
      tested
          .executor()
          .execute(() -> tested.executor().execute(() -> ran.complete("the inner one")));
      assertEquals("the inner one", Patience.get(ran));
    }
  }

  @Test
  default void execute_servesAChainOfTasksThatGiveTheNext() throws Exception {
    try (var tested = open(2)) {
      var last = new CompletableFuture<Integer>();
      tested.executor().execute(new Runnable() {
        private int times;

        @Override
        public void run() {
          if (++times == 500) {
            last.complete(times);
          } else {
            tested.executor().execute(this);
          }
        }
      });
      assertEquals(500, Patience.get(last));
    }
  }

  @Test
  default void execute_goesOn_whenATaskThrowsARuntimeException() throws Exception {
    goesOnAfter(new IllegalStateException("on purpose"));
  }

  @Test
  default void execute_goesOn_whenATaskThrowsAnError() throws Exception {
    goesOnAfter(new AssertionError("on purpose"));
  }

  @Test
  default void execute_goesOn_whenATaskThrowsACheckedException() throws Exception {
    goesOnAfter(new IOException("on purpose"));
  }

  private void goesOnAfter(Throwable thrown) throws Exception {
    try (var tested = open(2)) {
      for (int i = 0; i < 20; i++) {
        tested.executor().execute(() -> Contract.sneak(thrown));
      }
      Gate all = tested.occupied(); // both threads are there
      all.open();
      var ran = new CompletableFuture<String>();
      tested.executor().execute(() -> ran.complete("after it"));
      assertEquals("after it", Patience.get(ran));
    }
  }

  /** What is not promised, but missed by those who watch their threads. */
  @Test
  default void P21_throwingTask_costsNoThread() throws Exception {
    try (var tested = open(1)) {
      Thread before = Patience.get(tested.executor().submit(Thread::currentThread));
      for (int i = 0; i < 5; i++) {
        tested.executor().execute(() -> {
          throw new IllegalStateException("on purpose");
        });
      }
      assertSame(before, Patience.get(tested.executor().submit(Thread::currentThread)));
    }
  }

  @Test
  default void task_findsNoInterrupt_whenTheTaskBeforeLeftOne() throws Exception {
    try (var tested = open(1)) {
      for (int i = 0; i < 20; i++) {
        tested.executor().execute(() -> Thread.currentThread().interrupt());
        assertFalse(Patience.get(tested.executor().submit(Thread::interrupted)));
      }
    }
  }

  @Test
  default void task_findsNoInterrupt_whenItsSubmitterWasInterrupted() throws Exception {
    try (var tested = open(1)) {
      Beside<Boolean> submitter = tested.beside(() -> {
        Thread.currentThread().interrupt();
        var task = new FutureTask<>(Thread::interrupted);
        tested.executor().execute(task);
        boolean kept = Thread.interrupted();
        return kept && !Patience.get(task);
      });
      assertEquals(true, submitter.result());
    }
  }

  @Test
  default void futureTask_completes_whenItIsExecuted() throws Exception {
    try (var tested = open(1)) {
      var task = new FutureTask<>(() -> "value");
      tested.executor().execute(task);
      assertEquals("value", Patience.get(task));
    }
  }

  @Test
  default void futureTask_isNotRun_whenItIsCancelledBefore() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      var task = new FutureTask<>(ran::incrementAndGet);
      tested.executor().execute(task);
      task.cancel(true);
      busy.open();
      tested.drain();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void futureTask_isRunOnce_whenItIsExecutedOften() throws Exception {
    try (var tested = open(2)) {
      var ran = new AtomicInteger();
      var task = new FutureTask<>(ran::incrementAndGet);
      List.of(1, 2, 3, 4).forEach(time -> tested.executor().execute(task));
      tested.drain();
      assertEquals(1, ran.get());
    }
  }
}
