package dev.bobbin.core;

import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.Priority;
import dev.bobbin.api.TaskOptions;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.api.ThreadPoolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs until each field that can wrap has wrapped so often, with exact counts: the program of {@link
 * NarrowFieldsTest}, which narrows the fields. Fails if something is lost, doubled or overtaken by a wrap.
 */
final class NarrowSoak {
  private static final int SLOTS = 4;

  private NarrowSoak() {}

  /** Soaks until everything has wrapped {@code arguments[0]} times. */
  public static void main(String[] arguments) throws Exception {
    int wraps = Integer.parseInt(arguments[0]);
    soakStack(wraps);
    soakPool(wraps);
    System.out.println("SOAKED");
    System.exit(0);
  }

  // ------------------------------------------------------------------ the stack

  /** Threads that pop and push: each slot is one thread's alone, and all are there in the end. */
  private static void soakStack(int wanted) throws Exception {
    var slots = new Slots();
    var team = new OrderBench(0, 0).team;
    for (int i = 0; i < SLOTS; i++) {
      slots.push(new Worker(team, "worker", slots).slot());
    }
    var owned = new AtomicInteger[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
      owned[i] = new AtomicInteger();
    }
    AtomicLong top = top(slots);
    var wraps = new AtomicInteger();
    var threads = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 3; i++) {
      threads.add(Testing.inThread(() -> {
        long before = top.get() >>> 32;
        while (wraps.get() < wanted) {
          Slot slot = slots.pop();
          require(slot != null, "a slot was lost");
          require(owned[slot.index].incrementAndGet() == 1, "a slot was popped twice");
          owned[slot.index].decrementAndGet();
          slots.push(slot);
          long now = top.get() >>> 32;
          if (now < before) {
            wraps.incrementAndGet();
          }
          before = now;
        }
        return null;
      }));
    }
    for (CompletableFuture<Void> thread : threads) {
      thread.get();
    }
    var left = new ArrayList<Slot>();
    for (Slot slot = slots.pop(); slot != null; slot = slots.pop()) {
      left.add(slot);
    }
    require(left.stream().distinct().count() == SLOTS && left.size() == SLOTS, "lost or doubled");
    System.out.println("stack: " + wraps + " wraps seen");
  }

  private static AtomicLong top(Slots slots) throws Exception {
    var field = Slots.class.getDeclaredField("top");
    field.setAccessible(true);
    return (AtomicLong) field.get(slots);
  }

  // ------------------------------------------------------------------ the pool

  /** Producers of every priority, and somebody who resizes all the time. */
  private static void soakPool(int wanted) throws Exception {
    var ran = new AtomicInteger();
    var over = new AtomicBoolean();
    int submitted = 0;
    PoolStatistics numbers;
    int epochs = 0;
    var pool = (Pool) ThreadPools.builder(
            ThreadPoolConfig.builder("soak").minWorkers(1).maxWorkers(3).build())
        .start();
    try (pool) {
      var producers = new ArrayList<CompletableFuture<Integer>>();
      for (Priority priority : Priority.values()) {
        ThreadPool view = pool.with(TaskOptions.builder().priority(priority).build());
        producers.add(Testing.inThread(() -> produce(view, pool, ran, over)));
      }
      var team = new TeamView(pool.team());
      var random = new Random(1);
      int before = team.sizes().epoch;
      while (epochs < wanted || Narrow.WRAPS.sum() < wanted) {
        int max = 1 + random.nextInt(4);
        pool.adjustPoolSize(random.nextInt(max + 1), max);
        int now = team.sizes().epoch;
        require(TeamState.epoch(team.word()) == now, "the word is behind");
        epochs += now < before ? 1 : 0;
        before = now;
      }
      over.set(true);
      for (CompletableFuture<Integer> producer : producers) {
        submitted += producer.get();
      }
      pool.adjustPoolSize(2, 2).toCompletableFuture().get();
      int workers = pool.statistics().workers();
      require(workers == 2, workers + " workers");
      pool.stop();
      numbers = pool.statistics();
    }
    require(ran.get() == submitted, ran + " ran of " + submitted);
    require(numbers.accepted() == submitted && numbers.completed() == submitted, "" + numbers);
    System.out.println(
        "epoch: " + epochs + " wraps; turns: " + Narrow.WRAPS + " wraps; " + numbers);
  }

  private static int produce(ThreadPool view, Pool pool, AtomicInteger ran, AtomicBoolean over) {
    int submitted = 0;
    var window = new ArrayList<CompletableFuture<?>>();
    while (!over.get()) {
      window.add(view.submit(ran::incrementAndGet));
      submitted++;
      if (window.size() == 50) {
        List.copyOf(window).forEach(CompletableFuture::join);
        window.clear();
      }
    }
    return submitted;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
