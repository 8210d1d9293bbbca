package dev.bobbin.benchmarks;

import org.jspecify.annotations.Nullable;

/** A task that submits two more from inside its worker, which do the same, down to the leaves. */
final class Tree implements Batch {
  private final PoolUnderLoad pool;
  private final int tasks;
  private final Tally tally = new Tally();
  private final Node root;

  /** One level of the tree: as all tasks of a level are alike, one object stands for them. */
  private final class Node implements Runnable {
    private final @Nullable Node below;

    Node(@Nullable Node below) {
      this.below = below;
    }

    @Override
    public void run() {
      if (below != null) {
        pool.execute(below);
        pool.execute(below);
      }
      tally.add();
    }
  }

  /** Makes a tree of {@code tasks}, which is a power of two less one. */
  Tree(PoolUnderLoad pool, int tasks) {
    if (tasks < 1 || Integer.bitCount(tasks + 1) != 1) {
      throw new IllegalArgumentException("%d tasks are no full tree.".formatted(tasks));
    }
    this.pool = pool;
    this.tasks = tasks;
    Node top = new Node(null);
    for (int below = 1; below < tasks; below = 2 * below + 1) {
      top = new Node(top);
    }
    this.root = top;
  }

  @Override
  public void run() {
    pool.execute(root);
    tally.await(tasks);
  }

  @Override
  public long finish() {
    tally.check();
    return tasks;
  }

  @Override
  public void end() throws Exception {
    pool.end();
    tally.check();
  }
}
