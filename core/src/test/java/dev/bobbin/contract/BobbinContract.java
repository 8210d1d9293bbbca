package dev.bobbin.contract;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.ThreadPools;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import java.util.concurrent.ExecutorService;

/**
 * The contract over a pool of Bobbin's. A subclass says what is special in its configuration: the
 * threads, a bound of the backlog wide enough for every check, and the like.
 */
@Deviates(
    in = "runByHand_completesTheFuture_whileTheTaskWaits",
    because = "a future on the books of its pool is run by its pool alone; submit promises a"
        + " CompletableFuture, not a RunnableFuture")
@Deviates(
    in = "close_waitsForWhatRuns_whenItIsInterruptedAndThatWillNotEnd",
    because = "an interrupt turns close into stop(Duration.ZERO), which waits for no task that will"
        + " not end: see ThreadPool.close")
abstract class BobbinContract extends ExecutorServiceContract {
  /** Adds what is special to a pool of this subclass. */
  abstract void configure(ThreadPoolConfig.Builder config);

  @Override
  public ExecutorService newExecutor(int threads) {
    var config = ThreadPoolConfig.builder("contract").minWorkers(threads).maxWorkers(threads);
    configure(config);
    return ThreadPools.builder(config.build()).failureReporter(new Quiet()).start();
  }

  /** Takes the failures that the checks make on purpose. */
  private static final class Quiet implements FailureReporter {
    @Override
    public String name() {
      return "quiet";
    }

    @Override
    public void report(FailureReport report) {}
  }
}
