package dev.bobbin.core;

import dev.bobbin.spi.FailureReport;
import java.util.concurrent.atomic.LongAdder;

/** The place of a task that its submitter runs itself, with the books of all such tasks of a team. */
final class CallerSlot extends Slot {
  private final Books books;
  private final Thread caller = Thread.currentThread();

  CallerSlot(Books books) {
    super(-1);
    this.books = books;
    taking();
  }

  /** Returns the name of the submitter's thread, fit for one line. */
  String threadName() {
    return FailureReport.printable(caller.getName());
  }

  @Override
  void begin(Runnable task, long startedAt) {
    books.taken.increment();
    super.begin(task, startedAt);
  }

  @Override
  void end(PoolTask.Ending ending) {
    super.end(ending);
    switch (ending) {
      case COMPLETED -> books.completed.increment();
      case FAILED -> books.failed.increment();
      case CANCELLED -> books.cancelled.increment();
    }
  }

  /** The books of the tasks that were run by their submitters. Each was accepted when it was taken. */
  static final class Books {
    final LongAdder taken = new LongAdder();
    final LongAdder completed = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder cancelled = new LongAdder();
  }
}
