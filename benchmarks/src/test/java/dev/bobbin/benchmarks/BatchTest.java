package dev.bobbin.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** That a pool which loses a task, or runs one twice, cannot look fast. */
class BatchTest {
  private static final int TASKS = 15;

  /** Runs each task on the spot, as often as it is told to. */
  private static final class OnTheSpot implements PoolUnderLoad {
    private final List<Integer> times;
    private final AtomicInteger submitted = new AtomicInteger();

    /** Makes one that runs its first tasks so often, and all others once. */
    OnTheSpot(Integer... times) {
      this.times = List.of(times);
    }

    @Override
    public void execute(Runnable task) {
      int place = submitted.getAndIncrement();
      int runs = place < times.size() ? times.get(place) : 1;
      for (int i = 0; i < runs; i++) {
        task.run();
      }
    }

    @Override
    public Object pool() {
      return this;
    }

    @Override
    public void end() {}
  }

  static Stream<Arguments> batches() {
    return Stream.concat(
        withOneProducer(),
        Stream.of(batch("flood by three", pool -> new Flood(pool, TASKS, 3, Flood.EMPTY))));
  }

  static Stream<Arguments> withOneProducer() {
    return Stream.of(
        batch("flood", pool -> new Flood(pool, TASKS, 1, Flood.EMPTY)),
        batch("flood of a microsecond", pool -> new Flood(pool, TASKS, 1, Flood.MICROSECOND)),
        batch("callback", pool -> new Flood(pool, TASKS, 1, Flood.CALLBACK)),
        batch("tree", pool -> new Tree(pool, TASKS)),
        batch("handoff", pool -> new Handoff(pool, TASKS)),
        batch("trickle", pool -> new Trickle(pool, TASKS)));
  }

  private static Arguments batch(String name, Function<PoolUnderLoad, Batch> making) {
    return Arguments.of(name, making);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("batches")
  void finish_countsTheTasks_whenEachRanOnce(String name, Function<PoolUnderLoad, Batch> making)
      throws Exception {
    Batch batch = making.apply(new OnTheSpot());
    for (int i = 0; i < 3; i++) {
      batch.prepare();
      batch.run();
      assertEquals(TASKS, batch.finish());
    }
    batch.end();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("batches")
  void finish_fails_whenATaskRanTwice(String name, Function<PoolUnderLoad, Batch> making)
      throws Exception {
    Integer[] times = new Integer[TASKS];
    Arrays.fill(times, 1);
    times[TASKS - 1] = 2;
    Batch batch = making.apply(new OnTheSpot(times));
    batch.prepare();
    batch.run();

    assertThrows(IllegalStateException.class, batch::finish);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withOneProducer")
  void run_fails_whenATaskIsLost(String name, Function<PoolUnderLoad, Batch> making)
      throws Exception {
    Batch batch = making.apply(new OnTheSpot(1, 0));
    batch.prepare();
    var producer = new LostTask(batch);
    producer.start();
    producer.join();

    assertTrue(producer.failure instanceof IllegalStateException, String.valueOf(producer.failure));
  }

  /** Runs a batch that waits for a task which never comes, until it is interrupted. */
  private static final class LostTask extends Thread {
    private final Batch batch;
    private Throwable failure = new AssertionError("The batch did not fail.");

    LostTask(Batch batch) {
      this.batch = batch;
    }

    @Override
    public void run() {
      try {
        // As JMH does when a batch takes too long; at once, since this one would wait for ever.
        interrupt();
        batch.run();
      } catch (Throwable thrown) {
        failure = thrown;
      }
    }
  }

  @Test
  void tree_refuses_whenTheTasksAreNoTree() {
    assertThrows(IllegalArgumentException.class, () -> new Tree(new OnTheSpot(), 16));
  }
}
