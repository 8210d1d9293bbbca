package dev.bobbin.examples.checksums;

import com.google.inject.Inject;
import dev.bobbin.api.Outcome;
import dev.bobbin.api.OutcomeCallback;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.guice.Pool;
import dev.bobbin.guice.PoolOwner;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Hashes files on the pool {@code digest} and collates the results on the thread that calls, which
 * therefore needs no lock. For one use.
 */
final class ChecksumRun {
  /** How many files may be with the pool at once, so that a large folder does not fill the heap. */
  private static final int AT_ONCE = 1_000;

  private final ThreadPool digest;
  private final PoolOwner owner;
  private final Hasher hasher;
  private final BlockingQueue<Runnable> forMainThread = new LinkedBlockingQueue<>();

  @Inject
  ChecksumRun(@Pool("digest") ThreadPool digest, PoolOwner owner, Hasher hasher) {
    this.digest = digest;
    this.owner = owner;
    this.hasher = hasher;
  }

  /** Hashes all the files, stops the pool, and returns the books of that. */
  Result hash(Path folder, List<FoundFile> files, Progress progress) throws InterruptedException {
    var result = new Collation(folder, progress);
    try (owner) {
      int under = 0;
      for (FoundFile file : files) {
        submit(file, result);
        under++;
        if (under == AT_ONCE) {
          forMainThread.take().run();
          under--;
        }
      }
      while (under > 0) {
        forMainThread.take().run();
        under--;
      }
    }
    return new Result(result.list, result.unreadable, digest.statistics());
  }

  private void submit(FoundFile file, Collation result) {
    Callable<String> work = () -> {
      if (file.trouble() != null) {
        throw file.trouble();
      }
      return hasher.hash(file.path());
    };
    digest.callInThreadWithCallback(new HashedFile(file.path(), result), work);
  }

  /** Hands what came of one file to the main thread. Called on the worker that hashed it. */
  private final class HashedFile implements OutcomeCallback<String> {
    private final Path file;
    private final Collation result;

    HashedFile(Path file, Collation result) {
      this.file = file;
      this.result = result;
    }

    @Override
    public void onOutcome(Outcome<String> outcome) {
      forMainThread.add(() -> result.take(file, outcome));
      if (outcome instanceof Outcome.Failure<String> failure) {
        // What a callback throws goes to the pool's failure reporters, with the context of the run.
        throw new UnreadableFileException(RunContext.shown(file), failure.cause());
      }
    }
  }

  /** What came of a run. */
  record Result(ChecksumList list, int unreadable, PoolStatistics statistics) {}

  /** What the main thread, and no other, has gathered. */
  private static final class Collation {
    private final ChecksumList list;
    private final Progress progress;
    private int unreadable;

    Collation(Path folder, Progress progress) {
      this.list = new ChecksumList(folder);
      this.progress = progress;
    }

    void take(Path file, Outcome<String> outcome) {
      if (outcome instanceof Outcome.Success<String> success) {
        list.add(file, success.value());
      } else {
        unreadable++;
      }
      progress.step();
    }
  }
}
