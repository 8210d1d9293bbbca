package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code shutdownNow}: what runs is interrupted, what waits is given back. */
interface ShutdownNowContract extends Contract {
  @Test
  default void P6a_shutdownNow_givesBackTheVeryTasks_inTheirOrder() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      var given = new ArrayList<Runnable>();
      for (int i = 0; i < 50; i++) {
        Runnable task = new Named(i);
        given.add(task);
        tested.executor().execute(task);
      }
      List<Runnable> back = tested.executor().shutdownNow();
      assertEquals(50, back.size());
      for (int i = 0; i < 50; i++) {
        assertSame(given.get(i), back.get(i));
      }
    }
  }

  /** A task that is equal to every other, so that only identity tells them apart. */
  record Named(int number) implements Runnable {
    @Override
    public void run() {
      throw new AssertionError("task " + number + " was given back and ran");
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Named;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  @Test
  default void shutdownNow_givesBackNothing_whenNothingWaits() throws Exception {
    try (var tested = open(2)) {
      tested.occupied();
      assertEquals(List.of(), tested.executor().shutdownNow());
    }
    try (var tested = open(2)) {
      assertEquals(List.of(), tested.executor().shutdownNow());
    }
  }

  @Test
  default void shutdownNow_givesBackNothing_theSecondTime() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      tested.executor().execute(() -> {});
      assertEquals(1, tested.executor().shutdownNow().size());
      assertEquals(List.of(), tested.executor().shutdownNow());
      tested.awaitTermination();
      assertEquals(List.of(), tested.executor().shutdownNow());
    }
  }

  @Test
  default void shutdownNow_givesBackWhatIsLeft_afterShutdown() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      Runnable task = () -> {};
      tested.executor().execute(task);
      tested.executor().shutdown();
      List<Runnable> back = tested.executor().shutdownNow();
      assertEquals(1, back.size());
      assertSame(task, back.get(0));
      busy.awaitInterrupted();
    }
  }

  @Test
  default void shutdownNow_givesTheWorkOfASubmittedTaskBack_asSomethingThatCanBeRun()
      throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      var ran = new AtomicInteger();
      tested.executor().submit(ran::incrementAndGet);
      Runnable plain = ran::incrementAndGet;
      tested.executor().submit(plain);
      tested.executor().submit(plain, "result");
      List<Runnable> back = tested.executor().shutdownNow();
      assertEquals(3, back.size());
      back.forEach(Runnable::run);
      assertEquals(3, ran.get());
    }
  }

  @Test
  default void shutdownNow_interrupts_everythingThatRuns() throws Exception {
    try (var tested = open(3)) {
      var gates = List.of(tested.gate(), tested.gate(), tested.gate());
      for (Gate gate : gates) {
        tested.executor().execute(gate.task());
        gate.awaitCome();
      }
      tested.executor().shutdownNow();
      for (Gate gate : gates) {
        gate.awaitInterrupted();
      }
      tested.awaitTermination();
    }
  }

  @Test
  default void shutdownNow_doesNotWait_forATaskThatWillNotEnd() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      Future<?> future = tested.executor().submit(gate::passInSpiteOfInterrupts);
      gate.awaitCome();
      tested.executor().shutdownNow(); // or it would never return
      gate.awaitInterrupted();
      assertTrue(tested.executor().isShutdown());
      assertFalse(tested.executor().isTerminated());
      gate.open();
      tested.awaitTermination();
      assertTrue(future.isDone()); // with its value, or given up for lost before
    }
  }

  @Test
  default void shutdownNow_runsNothing_thatItGaveBack() throws Exception {
    try (var tested = open(1)) {
      Gate busy = tested.occupied();
      var ran = new AtomicInteger();
      for (int i = 0; i < 20; i++) {
        tested.executor().execute(ran::incrementAndGet);
      }
      assertEquals(20, tested.executor().shutdownNow().size());
      busy.open();
      tested.awaitTermination();
      assertEquals(0, ran.get());
    }
  }

  @Test
  default void shutdownNow_refuses_whatComesAfter() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      tested.executor().execute(gate::passInSpiteOfInterrupts);
      gate.awaitCome();
      tested.executor().shutdownNow();
      assertThrows(RejectedExecutionException.class, () -> tested.executor().execute(() -> {}));
      gate.open();
      tested.awaitTermination();
      assertThrows(RejectedExecutionException.class, () -> tested.executor().submit(() -> 1));
    }
  }

  @Test
  default void shutdownNow_mayComeFromATask_andInterruptsThatToo() throws Exception {
    try (var tested = open(1)) {
      Gate gate = tested.gate();
      var interrupted = new CompletableFuture<Boolean>();
      tested.executor().execute(() -> {
        gate.passInSpiteOfInterrupts();
        int back = tested.executor().shutdownNow().size();
        interrupted.complete(Thread.currentThread().isInterrupted() && back == 1);
      });
      tested.executor().execute(() -> {});
      gate.open();
      assertEquals(true, Patience.get(interrupted));
      tested.awaitTermination();
    }
  }

  /** Not promised, and so people wait for ever. */
  @Test
  default void P11_futures_complete_whenTheirTasksAreGivenUp() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      var futures = List.of(
          tested.executor().submit(() -> 1),
          tested.executor().submit(() -> {}),
          tested.executor().submit(() -> {}, 1));
      tested.executor().shutdownNow();
      tested.awaitTermination();
      for (Future<?> future : futures) {
        assertTrue(future.isDone());
        assertThrows(Exception.class, () -> Patience.get(future));
      }
    }
  }

  /** Not promised either: the reason is that the pool stops, and nobody has cancelled anything. */
  @Test
  default void P11_futures_tellTheReason_whenTheirTasksAreGivenUp() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      Future<Integer> future = tested.executor().submit(() -> 1);
      tested.executor().shutdownNow();
      assertFalse(future.isCancelled());
      assertFalse(Contract.failureOf(future).getMessage().isBlank());
    }
  }

  /** The task of {@code supplyAsync} gives no way in: it is in the list, and completes when run. */
  @Test
  default void P11_supplyAsync_completes_whenItsTaskIsRunFromTheList() throws Exception {
    try (var tested = open(1)) {
      tested.occupied();
      var future = CompletableFuture.supplyAsync(() -> "value", tested.executor());
      List<Runnable> back = tested.executor().shutdownNow();
      assertEquals(1, back.size());
      assertFalse(future.isDone());
      back.get(0).run();
      assertEquals("value", Patience.get(future));
    }
  }

  @Test
  default void P6b_nothingThatWaited_starts_whenTheWorkerIsInItsTask() throws Exception {
    for (int round = 0; round < 100; round++) {
      try (var tested = open(1)) {
        tested.occupied(); // ends with the interrupt, and would take the next
        var ran = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
          tested.executor().execute(ran::incrementAndGet);
        }
        int back = tested.executor().shutdownNow().size();
        tested.awaitTermination();
        assertEquals(0, ran.get());
        assertEquals(5, back);
      }
    }
  }

  @Test
  default void everyAcceptedTask_ranOrIsInTheList_whenTasksFlow() throws Exception {
    for (int round = 0; round < 100; round++) {
      try (var tested = open(2)) {
        var flowing = new CountDownLatch(20);
        Beside<List<Counted>> submitter = tested.beside(() -> {
          var taken = new ArrayList<Counted>();
          while (taken.size() < 1_000) {
            var task = new Counted(flowing);
            try {
              tested.executor().execute(task);
            } catch (RejectedExecutionException refused) {
              assertEquals(0, task.ran.get());
              return taken;
            }
            taken.add(task);
          }
          return taken;
        });
        Patience.await(flowing, "the flow of tasks");
        List<Runnable> back = tested.executor().shutdownNow();
        List<Counted> taken = submitter.result();
        tested.awaitTermination();
        for (Runnable task : back) {
          ((Counted) task).given.incrementAndGet();
        }
        for (Counted task : taken) {
          assertEquals(1, task.ran.get() + task.given.get());
        }
        assertEquals(
            back.size(), taken.stream().mapToInt(task -> task.given.get()).sum());
      }
    }
  }

  /** A task that knows how often it ran and was given back. */
  final class Counted implements Runnable {
    private final AtomicInteger ran = new AtomicInteger();
    private final AtomicInteger given = new AtomicInteger();
    private final CountDownLatch flowing;

    Counted(CountDownLatch flowing) {
      this.flowing = flowing;
    }

    @Override
    public void run() {
      ran.incrementAndGet();
      flowing.countDown();
    }
  }
}
