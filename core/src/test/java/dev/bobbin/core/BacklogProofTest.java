package dev.bobbin.core;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proves the {@link Backlog} linearizable: a FIFO queue for many producers and takers that can be
 * closed. Forbids: a task lost or taken twice, one that overtakes another, one that gets in after the
 * queue was seen closed and empty. Segments of two slots, so that each boundary is crossed.
 */
@Tag("proof")
public class BacklogProofTest {
  private static final boolean LONG = "long".equals(System.getProperty("bobbin.proof"));

  private final Backlog backlog = new Backlog(2);

  /** Appends the task of this number. */
  @Operation
  public boolean append(int number) {
    return backlog.append(new Numbered(number));
  }

  /** Takes the first task and returns its number, or null. */
  @Operation
  public Integer poll() {
    return backlog.poll() instanceof Numbered task ? task.number() : null;
  }

  /** Closes the queue. */
  @Operation
  public void close() {
    backlog.close();
  }

  @Test
  void everyInterleaving_isThatOfAClosableQueue() {
    new ModelCheckingOptions()
        .iterations(LONG ? 60 : 12)
        .invocationsPerIteration(LONG ? 6_000 : 600)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(ClosableQueue.class)
        .check(BacklogProofTest.class);
  }

  @Test
  void underStress_isAClosableQueue() {
    new StressOptions()
        .iterations(LONG ? 60 : 6)
        .invocationsPerIteration(LONG ? 6_000 : 1_000)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(ClosableQueue.class)
        .check(BacklogProofTest.class);
  }

  /** What the backlog is to be, without concurrency. */
  public static final class ClosableQueue {
    private final Queue<Integer> numbers = new ArrayDeque<>();
    private boolean closed;

    /** Appends unless closed. */
    public boolean append(int number) {
      return !closed && numbers.add(number);
    }

    /** Takes the first, or null. */
    public Integer poll() {
      return numbers.poll();
    }

    /** Closes. */
    public void close() {
      closed = true;
    }
  }

  private record Numbered(int number) implements Runnable {
    @Override
    public void run() {}
  }
}
