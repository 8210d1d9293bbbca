package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.ThreadPool;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** ST3: what dumpStats logs, and the warnings about pools that can do no work. */
class DumpStatsTest {
  @Test
  void st3_dumpStats_logsTheNumbersAndEachWorkersTask() {
    try (var logs = new CapturedLogs();
        ThreadPool pool = Testing.pool(2, 4).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      Testing.eventually("the other is idle", () -> pool.statistics().idle() == 1);
      pool.dumpStats();
      String busy = held.runner().getName();
      String idle = busy.equals("PoolThread-p-0") ? "PoolThread-p-1" : "PoolThread-p-0";
      assertEquals(
          List.of(
              "INFO Pool 'p': RUNNING, workers 2 (busy 1, idle 1) of 2 to 4, backlog 0, running 1,"
                  + " accepted 1, completed 0, failed 0, cancelled 0, discarded 0, refused 0",
              "INFO Pool 'p': " + busy + " runs held work",
              "INFO Pool 'p': " + idle + " has no task"),
          logs.lines().stream().sorted((a, b) -> rank(a, busy) - rank(b, busy)).toList());
    }
  }

  /** The workers are logged in the order of their places, which is not that of their tasks. */
  private static int rank(String line, String busy) {
    return line.contains("RUNNING") ? 0 : line.contains(busy) ? 1 : 2;
  }

  @Test
  void st3_dumpStats_keepsHostileTextsInTheirLines() {
    try (var logs = new CapturedLogs();
        ThreadPool pool = Testing.pool(1, 1)
            .threadFactory(body -> new Thread(body, "evil\nINFO forged {0}"))
            .start();
        var held = new Held()) {
      pool.execute(new Runnable() {
        @Override
        public void run() {
          held.run();
        }

        @Override
        public String toString() {
          return "a\r\nb {1} it''s ${jndi:x} %s";
        }
      });
      held.awaitBegun();
      pool.dumpStats();
      assertEquals(
          "INFO Pool 'p': evil?INFO forged {0} runs a??b {1} it''s ${jndi:x} %s",
          logs.lines().get(1));
      assertEquals(2, logs.lines().size());
    }
  }

  @Test
  void dumpStats_works_whenThePoolIsNewOrStopped() {
    try (var logs = new CapturedLogs();
        ThreadPool pool = Testing.pool(1, 1).build()) {
      pool.dumpStats();
      pool.stop();
      pool.dumpStats();
      assertEquals(2, logs.lines().size());
      assertEquals(true, logs.lines().get(1).startsWith("INFO Pool 'p': STOPPED, workers 0"));
    }
  }

  @Test
  void c5_maximumOfZero_isWarnedOfOnce() {
    String warning = "WARNING Pool 'p' has a maximum of 0 workers: its tasks wait until the maximum"
        + " is raised.";
    try (var logs = new CapturedLogs();
        ThreadPool pool = Testing.pool(0, 0).start()) {
      assertEquals(List.of(warning), logs.lines());
      pool.adjustPoolSize(0, 1);
      pool.adjustPoolSize(0, 0);
      pool.start();
      assertEquals(List.of(warning), logs.lines());
    }
  }

  @Test
  void c5_maximumOfZero_isWarnedOf_whenAResizeBringsIt() {
    try (var logs = new CapturedLogs();
        ThreadPool pool = Testing.pool(0, 2).start()) {
      assertEquals(List.of(), logs.lines());
      pool.adjustPoolSize(0, 0);
      assertEquals(1, logs.lines().size());
    }
  }

  @Test
  void c5_maximumOfZero_isWarnedOf_whenAResizeOfTheBoundBringsIt() {
    try (var logs = new CapturedLogs();
        ThreadPool pool = Testing.pool(0, 2).start()) {
      pool.adjustPoolSize(0, 0, 0);
      assertEquals(0, pool.backlogLimit());
      assertEquals(
          List.of("WARNING Pool 'p' has a maximum of 0 workers: its tasks wait until the maximum"
              + " is raised."),
          logs.lines());
    }
  }

  @Test
  void st3_dumpStats_logsTheTaskThatItsSubmitterRuns() {
    var config = Testing.config(0, 0).toBuilder()
        .backlogLimit(0)
        .whenFull(Overflow.runInCaller())
        .build();
    try (var logs = new CapturedLogs();
        ThreadPool pool = ThreadPools.builder(config).start()) {
      pool.execute(new Runnable() {
        @Override
        public void run() {
          pool.dumpStats();
        }

        @Override
        public String toString() {
          return "work of the caller";
        }
      });
      String caller = Thread.currentThread().getName();
      assertEquals(3, logs.lines().size(), logs.lines()::toString);
      assertEquals(
          "INFO Pool 'p': " + caller + ", who submitted it, runs work of the caller",
          logs.lines().get(2));
    }
  }

  @Test
  void st3_dumpStats_tellsHowOftenListenersHaveThrown_ifTheyHave() {
    var throwing = new AtomicBoolean();
    var listener = new RecordingListener("throwing", told -> {
      if (throwing.get()) {
        throw new IllegalStateException("out of order");
      }
    });
    try (var logs = new CapturedLogs();
        ThreadPool pool = Testing.pool(0, 1)
            .listener(listener)
            .failureReporter(new RecordingReporter())
            .start()) {
      pool.dumpStats();
      assertEquals(1, logs.lines().size(), logs.lines()::toString);
      throwing.set(true);
      pool.adjustPoolSize(0, 2);
      pool.dumpStats();
      assertEquals(
          "INFO Pool 'p': its listeners have thrown 1 times", logs.lines().get(2));
      throwing.set(false);
    }
  }
}
