package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.Priority;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPool;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The levels of priority: order, survival of every wrapper ("None has" 10), and no starvation. */
class PriorityTest {
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  private static ThreadPool at(ThreadPool pool, Priority level) {
    return pool.with(TaskOptions.builder().priority(level).build());
  }

  private Runnable mark(String what) {
    return () -> order.add(what);
  }

  private Callable<Boolean> marking(String what) {
    return () -> order.add(what);
  }

  @Test
  void higherLevel_isTakenFirst_andEachLevelIsFirstInFirstOut() {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      for (int i = 0; i < 2; i++) {
        at(pool, Priority.LOW).execute(mark("low" + i));
        pool.execute(mark("normal" + i));
        at(pool, Priority.HIGH).execute(mark("high" + i));
      }
      assertEquals(6, pool.statistics().backlog());
      held.release();
      pool.stop();
      assertEquals(List.of("high0", "high1", "normal0", "normal1", "low0", "low1"), order);
    }
  }

  @Test
  void level_survivesEveryWayToSubmit() throws Exception {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      ThreadPool high = at(pool, Priority.HIGH);
      pool.execute(held);
      held.awaitBegun();
      pool.execute(mark("normal"));
      high.submit(mark("submit runnable"));
      high.submit(mark("submit with value"), 1);
      high.submit(marking("submit callable"));
      high.callInThread(mark("callInThread"));
      high.callInThreadWithCallback(outcome -> {}, marking("callback"));
      CompletableFuture.runAsync(mark("runAsync"), high);
      new ExecutorCompletionService<Boolean>(high).submit(marking("completion service"));
      ((ExecutorService) high).execute(mark("execute"));
      CompletableFuture<Void> all = Testing.inThread(() -> {
        high.invokeAll(List.of(marking("invokeAll")));
        return null;
      });
      Testing.eventually("all wait", () -> pool.statistics().backlog() == 10);
      held.release();
      Testing.get(all);
      pool.stop();
      assertEquals("normal", order.get(7), order::toString); // the eighth turn is not the highest's
      assertEquals(10, order.size());
      assertEquals("invokeAll", order.get(9), order::toString);
    }
  }

  /** While all levels wait, each gets its share, whatever else comes. */
  @Test
  void lowerLevels_areNotStarved() {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      for (int i = 0; i < 64; i++) {
        at(pool, Priority.HIGH).execute(mark("high"));
        pool.execute(mark("normal"));
        at(pool, Priority.LOW).execute(mark("low"));
      }
      held.release();
      pool.stop();
      List<String> whileAllWait = order.subList(0, 64);
      assertEquals(4, Collections.frequency(whileAllWait, "normal"), order::toString);
      assertEquals(4, Collections.frequency(whileAllWait, "low"), order::toString);
      assertEquals(192, order.size());
    }
  }

  @Test
  void tasksOfEveryLevel_areServed_beforeAStopAndWithinIt() {
    for (Priority level : Priority.values()) {
      try (ThreadPool pool = Testing.pool(0, 2).start()) {
        CompletableFuture<Integer> first = at(pool, level).submit(() -> 1);
        assertEquals(1, first.join());
        at(pool, level).execute(mark(level.name()));
      }
      assertTrue(order.contains(level.name()));
    }
  }

  @Test
  void views_ofViews_addUp() {
    try (ThreadPool pool = Testing.pool(1, 1).start();
        var held = new Held()) {
      pool.execute(held);
      held.awaitBegun();
      pool.execute(mark("normal"));
      at(pool, Priority.HIGH)
          .with(TaskOptions.builder().name("named").build())
          .execute(mark("high"));
      at(at(pool, Priority.HIGH), Priority.LOW).execute(mark("low"));
      held.release();
      pool.stop();
      assertEquals(List.of("high", "normal", "low"), order);
    }
  }

  @Test
  void everyLevel_isDiscardedAndTold_whenAStopGivesUp() {
    ThreadPool pool = Testing.pool(1, 1).build();
    var futures = new ArrayList<CompletableFuture<?>>();
    for (Priority level : Priority.values()) {
      futures.add(at(pool, level).submit(() -> {}));
    }
    assertEquals(3, pool.shutdownNow().size());
    futures.forEach(future -> assertTrue(future.isCompletedExceptionally()));
    assertEquals(3, Testing.stopped(pool).discarded());
  }

  /** The count of the takes is an int, which a busy pool fills within an hour. */
  @Test
  void lowestLevel_isServed_afterMoreTakesThanAnIntCounts() throws Exception {
    var backlog = new Backlog();
    Field turns = Backlog.class.getDeclaredField("turns");
    turns.setAccessible(true);
    ((AtomicInteger) turns.get(backlog)).set(Integer.MAX_VALUE - 7);
    for (int i = 0; i < 64; i++) {
      for (Priority level : Priority.values()) {
        Terms terms =
            Terms.of(Testing.config(1, 1), TaskOptions.builder().priority(level).build());
        backlog.append(
            new PlainTask(mark(level.name()), null, TaskClock.UNTIMED, Ticket.of(terms)));
      }
    }
    for (int i = 0; i < 64; i++) {
      backlog.poll().run();
    }
    assertEquals(4, Collections.frequency(order, "NORMAL"), order::toString);
    assertEquals(4, Collections.frequency(order, "LOW"), order::toString);
  }
}
