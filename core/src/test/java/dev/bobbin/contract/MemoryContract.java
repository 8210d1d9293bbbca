package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Memory effects: what is written plainly on one side is seen on the other. */
interface MemoryContract extends Contract {
  int ROUNDS = 2_000;

  /** Plain fields, so that nothing but the executor orders what is done with them. */
  final class Plain {
    private int first;
    private int second;
    private int[] third = new int[0];

    Plain() {}

    Plain(int value) {
      write(value);
    }

    void write(int value) {
      third = new int[] {value};
      second = value;
      first = value;
    }

    void add(int value) {
      write(first + value);
    }

    /** Returns what all three hold, or fails. */
    int read() {
      assertEquals(first, second);
      assertEquals(first, third[0]);
      return first;
    }
  }

  @Test
  default void writesBeforeExecute_areSeenInTheTask() throws Exception {
    try (var tested = open(2)) {
      for (int i = 1; i <= ROUNDS; i++) {
        var plain = new Plain();
        var task = new FutureTask<>(plain::read);
        plain.write(i);
        tested.executor().execute(task);
        assertEquals(i, Patience.get(task));
      }
    }
  }

  @Test
  default void writesBeforeSubmit_areSeenInTheTask_evenIfItWaited() throws Exception {
    try (var tested = open(2)) {
      Gate busy = tested.occupied();
      var futures = new ArrayList<Future<Integer>>();
      for (int i = 0; i < ROUNDS; i++) {
        var plain = new Plain();
        plain.write(i);
        futures.add(tested.executor().submit(plain::read));
      }
      busy.open();
      for (int i = 0; i < ROUNDS; i++) {
        assertEquals(i, Patience.get(futures.get(i)));
      }
    }
  }

  @Test
  default void writesInTheTask_areSeenAfterGet() throws Exception {
    try (var tested = open(2)) {
      for (int i = 1; i <= ROUNDS; i++) {
        int value = i;
        var plain = new Plain();
        Runnable task = () -> plain.write(value);
        if (i % 2 == 0) {
          tested.executor().submit(task).get();
        } else {
          Patience.get(tested.executor().submit(task));
        }
        assertEquals(i, plain.read());
      }
    }
  }

  @Test
  default void writesInTheTask_areSeenOnceItIsDone() throws Exception {
    try (var tested = open(2)) {
      for (int i = 1; i <= ROUNDS; i++) {
        int value = i;
        var plain = new Plain();
        Future<?> future = tested.executor().submit(() -> plain.write(value));
        Patience.eventually("it is done", future::isDone);
        assertEquals(i, plain.read());
      }
    }
  }

  @Test
  default void writesInTheTask_areSeenAfterItsFailure() throws Exception {
    try (var tested = open(2)) {
      for (int i = 1; i <= ROUNDS / 4; i++) {
        int value = i;
        var plain = new Plain();
        Future<?> future = tested.executor().submit(() -> {
          plain.write(value);
          throw new IllegalStateException("on purpose");
        });
        Contract.failureOf(future);
        assertEquals(i, plain.read());
      }
    }
  }

  @Test
  default void writesInAllTasks_areSeenAfterTheTermination() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (var tested = open(3)) {
        var all = new ArrayList<Plain>();
        for (int i = 0; i < 50; i++) {
          var plain = new Plain();
          all.add(plain);
          tested.executor().execute(() -> plain.write(7));
        }
        tested.drain();
        all.forEach(plain -> assertEquals(7, plain.read()));
      }
    }
  }

  @Test
  default void writesInOneTask_areSeenInTheNext_onOneThread() throws Exception {
    try (var tested = open(1)) {
      var plain = new Plain(0);
      for (int i = 0; i < ROUNDS; i++) {
        tested.executor().execute(() -> plain.add(1));
      }
      assertEquals(ROUNDS, Patience.get(tested.executor().submit(plain::read)));
    }
  }

  @Test
  default void writesInATask_areSeenInTheTaskThatItSubmits() throws Exception {
    try (var tested = open(2)) {
      for (int i = 1; i <= ROUNDS; i++) {
        int value = i;
        Future<Future<Integer>> outer = tested.executor().submit(() -> {
          var plain = new Plain();
          plain.write(value);
          return tested.executor().submit(plain::read);
        });
        assertEquals(i, Patience.get(Patience.get(outer)));
      }
    }
  }

  @Test
  default void writes_areSeenBothWays_throughInvokeAllAndInvokeAny() throws Exception {
    try (var tested = open(2)) {
      for (int i = 1; i <= ROUNDS / 4; i++) {
        var in = new Plain(i);
        var out = new Plain();
        var other = new Plain();
        Callable<Integer> one = () -> {
          out.write(in.read() + 1);
          return 1;
        };
        Callable<Integer> two = () -> {
          other.write(in.read() + 2);
          return 2;
        };
        tested.executor().invokeAll(List.of(one, two));
        assertEquals(i + 1, out.read());
        assertEquals(i + 2, other.read());
        tested.executor().invokeAny(List.of(one), 1, TimeUnit.DAYS);
        assertEquals(i + 1, out.read());
      }
    }
  }

  @Test
  default void writesOfTheSubmitter_areSeenInWhatShutdownNowGivesBack() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (var tested = open(1)) {
        tested.occupied();
        var given = new CountDownLatch(1);
        int value = round;
        tested.beside(() -> {
          var plain = new Plain();
          plain.write(value);
          tested.executor().execute(() -> assertEquals(value, plain.read()));
          given.countDown();
          return null;
        });
        Patience.await(given, "the submission");
        List<Runnable> back = tested.executor().shutdownNow();
        assertEquals(1, back.size());
        back.get(0).run();
      }
    }
  }
}
