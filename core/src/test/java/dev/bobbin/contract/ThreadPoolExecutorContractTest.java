package dev.bobbin.contract;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The contract over the JDK's own pool, as a check of the checks. It keeps all that is promised; what
 * it fails is what people expect all the same:
 *
 * <ul>
 *   <li>a task that throws costs a thread (P21);
 *   <li>a cancelled task stays in the backlog (P23);
 *   <li>what {@code shutdownNow} gives up is never completed, so that those who wait for it, in {@code
 *       get}, {@code invokeAll} or {@code invokeAny}, wait for ever (P11);
 *   <li>{@code submit} gives no {@code CompletableFuture}.
 * </ul>
 */
@Deviates(
    in = "P21_throwingTask_costsNoThread",
    because = "a thread dies with the task's exception")
@Deviates(
    in = "P23_cancelledTask_isNotInTheBacklogAnyMore",
    because = "it is taken out by purge(), or when its turn comes")
@Deviates(
    in = "P11_futures_complete_whenTheirTasksAreGivenUp",
    because = "shutdownNow gives the futures back and leaves them as they are")
@Deviates(
    in = "P11_futures_tellTheReason_whenTheirTasksAreGivenUp",
    because = "shutdownNow gives the futures back and leaves them as they are")
@Deviates(
    in = "P11_invokeAll_returns_whenItsTasksAreGivenUp",
    because = "it waits for futures that nobody completes")
@Deviates(
    in = "P11_invokeAny_ends_whenItsTasksAreGivenUp",
    because = "it waits for futures that nobody completes")
@Deviates(
    in = "submit_givesACompletableFuture_inAllThreeForms",
    because = "it gives a FutureTask; the checks of the future as a stage do not apply")
class ThreadPoolExecutorContractTest extends ExecutorServiceContract {
  @Override
  public ExecutorService newExecutor(int threads) {
    return Executors.newFixedThreadPool(threads, body -> {
      var thread = new Thread(body, "contract");
      thread.setUncaughtExceptionHandler((dying, thrown) -> {}); // thrown on purpose
      return thread;
    });
  }
}
