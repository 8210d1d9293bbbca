package dev.bobbin.api;

import static java.util.Objects.requireNonNull;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The blocking way into an event loop: a task on a worker has something done on the loop, such as a
 * user interface's thread, and waits for it. Made by applications around the loop's {@link Executor},
 * called on any thread but the loop's own; safe for use by many threads at once.
 *
 * <p><b>What is thrown.</b> What the call threw, the very object, whether checked or not. Beside that:
 *
 * <ul>
 *   <li>{@link InterruptedException} if the calling thread is interrupted;
 *   <li>{@link TimeoutException} if the time is up;
 *   <li>{@link IllegalStateException} if called on the loop, which would wait for itself;
 *   <li>{@link RejectedExecutionException} if the loop has ended; what its executor throws, if it
 *       does not take the call.
 * </ul>
 *
 * In all these cases a call that has not begun never begins. One that has begun goes on; its outcome
 * is dropped.
 *
 * <p><b>Whether the calling thread is the loop's</b> is what {@link Builder#onLoop} says. Without it, two
 * things are noticed: a call made inside a call, and one on the thread that ran the last call, which
 * is remembered weakly. So a loop that has run no call yet is not known, nor are all the threads of an
 * executor that has several: there a call on the loop waits until its time is up. A thread that ran
 * the last call for an executor and now does something else is taken for the loop: give {@code onLoop}
 * for an executor that borrows its threads. A {@link ThreadPool} is known to do so, and of it only calls
 * inside calls are noticed.
 *
 * <p><b>Whether the loop lives</b> is what {@link Builder#alive} says. Without it, an {@link ExecutorService}
 * has ended when it has terminated, and another executor when the thread that ran the last call is
 * dead. A call that waits for a loop that has ended, begun or not, ends within about a second; where
 * only a thread's death tells it, within some five seconds, since the thread may be replaced. An
 * executor that takes a call, never runs it and gives none of these signs cannot be told from a busy
 * one: give {@code alive}, or a timeout.
 *
 * <p>Memory consistency effects: actions before a call happen-before what the call does on the loop,
 * which happens-before the return.
 */
public final class EventLoop {
  /*
   * A call is taken out of its cell by whoever is first: the loop, which runs it, or the caller, who
   * gives up waiting; what the loop then still has is an empty shell.
   *
   * The caller waits in slices and looks at the loop's life after each. An end has to be seen several
   * times in a row, since an outcome may be under way at the first: a loop ends after it has run a
   * call, and a thread that died may be replaced, which is the lesser sign.
   */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int ENDED = 50;
  private static final int CERTAIN_SIGN = 10;
  private static final int POSSIBLE_SIGN = 1;
  private static final long FOR_EVER = Long.MAX_VALUE;

  private final Executor executor;
  private final @Nullable BooleanSupplier onLoop;
  private final @Nullable BooleanSupplier alive;

  /** Threads that are inside a call of this loop. */
  private final Set<Thread> inside = ConcurrentHashMap.newKeySet();

  /** The thread that ran the last call; written by it. */
  private volatile WeakReference<@Nullable Thread> lastThread = new WeakReference<>(null);

  /** Whether there was one; written before {@link #lastThread}. */
  private volatile boolean known;

  private EventLoop(Builder builder) {
    this.executor = builder.executor;
    this.onLoop = builder.onLoop;
    this.alive = builder.alive;
  }

  /** Returns the loop behind {@code executor}; what it notices by itself is told above. */
  public static EventLoop of(Executor executor) {
    return builder(executor).build();
  }

  /** Begins an event loop whose tasks are run by {@code executor}, one after another. */
  public static Builder builder(Executor executor) {
    return new Builder(requireNonNull(executor, "executor"));
  }

  /** Returns whether the calling thread is the loop's own, as far as that can be known, see above. */
  public boolean isOnLoop() {
    Thread current = Thread.currentThread();
    if (inside.contains(current)) {
      return true;
    }
    return onLoop != null ? onLoop.getAsBoolean() : lastThread.refersTo(current);
  }

  /**
   * Has {@code work} run on the loop, and waits for it without limit.
   *
   * @return the value of {@code work}; a future among them is a value like others
   * @throws Exception what {@code work} threw, the very object; or see above
   */
  public <T extends @Nullable Object> T call(Callable<? extends T> work) throws Exception {
    return run(valueOf(work), FOR_EVER, null);
  }

  /**
   * Has {@code work} run on the loop, and waits for it.
   *
   * @param timeout how long to wait, in all
   * @return the value of {@code work}; a future among them is a value like others
   * @throws Exception what {@code work} threw, the very object; or see above
   * @throws IllegalArgumentException if {@code timeout} is not positive
   */
  public <T extends @Nullable Object> T call(Callable<? extends T> work, Duration timeout)
      throws Exception {
    return run(valueOf(work), nanos(timeout), timeout);
  }

  /**
   * Has {@code work} run on the loop, and waits without limit for the stage that it returns.
   *
   * @return the value of the stage
   * @throws Exception what {@code work} threw or the stage failed with, the very object without the
   *     {@link CompletionException} around it; or see above
   */
  public <T extends @Nullable Object> T callAndAwait(
      Callable<? extends CompletionStage<? extends T>> work) throws Exception {
    return run(valueOfStage(work), FOR_EVER, null);
  }

  /**
   * Has {@code work} run on the loop, and waits for the stage that it returns.
   *
   * @param timeout how long to wait, in all; a stage that is late is left alone
   * @return the value of the stage
   * @throws Exception what {@code work} threw or the stage failed with, the very object without the
   *     {@link CompletionException} around it; or see above
   * @throws IllegalArgumentException if {@code timeout} is not positive
   */
  public <T extends @Nullable Object> T callAndAwait(
      Callable<? extends CompletionStage<? extends T>> work, Duration timeout) throws Exception {
    return run(valueOfStage(work), nanos(timeout), timeout);
  }

  @Override
  public String toString() {
    return "EventLoop[" + executor + "]";
  }

  private static <T extends @Nullable Object> Body<T> valueOf(Callable<? extends T> work) {
    requireNonNull(work, "work");
    return answer -> answer.accept(Outcome.success(work.call()));
  }

  private static <T extends @Nullable Object> Body<T> valueOfStage(
      Callable<? extends CompletionStage<? extends T>> work) {
    requireNonNull(work, "work");
    return answer -> {
      CompletionStage<? extends T> stage = work.call();
      if (stage == null) {
        throw new NullPointerException(
            "The work of callAndAwait returned null. Let it return a stage, or use call.");
      }
      stage.whenComplete((value, failure) -> answer.accept(
          failure == null ? Outcome.success(value) : Outcome.failure(unwrapped(failure))));
    };
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? unwrapped(cause) : failure;
  }

  private static long nanos(Duration timeout) {
    Durations.checkPositive("The timeout of a call", timeout);
    try {
      return timeout.toNanos();
    } catch (ArithmeticException tooLong) {
      return FOR_EVER;
    }
  }

  private <T extends @Nullable Object> T run(Body<T> body, long nanos, @Nullable Duration timeout)
      throws Exception {
    if (isOnLoop()) {
      throw new IllegalStateException(
          "Thread '%s' is the event loop's own and would wait for itself. Do the work directly there, without a call."
              .formatted(Thread.currentThread().getName()));
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before the call was handed to the event loop");
    }
    long began = System.nanoTime();
    var call = new Call<>(body);
    boolean over = false;
    try {
      executor.execute(call);
      await(call, began, nanos, timeout);
      over = true;
    } finally {
      if (!over) {
        call.withdraw();
      }
    }
    return call.value();
  }

  /** Waits until the call is over, or throws why it is waited for no longer. */
  private void await(Call<?> call, long began, long nanos, @Nullable Duration timeout)
      throws InterruptedException, TimeoutException {
    int signs = 0;
    while (signs < ENDED) {
      long left = nanos - (System.nanoTime() - began);
      if (call.over.await(Math.min(left, SLICE_NANOS), TimeUnit.NANOSECONDS)) {
        return;
      }
      if (left <= SLICE_NANOS) {
        boolean begun = !call.withdraw();
        if (call.over.getCount() == 0) {
          return;
        }
        throw new TimeoutException("The event loop had not %s the call after %s."
            .formatted(begun ? "finished" : "begun", timeout));
      }
      int sign = signOfEnd();
      signs = sign == 0 ? 0 : signs + sign;
    }
    boolean begun = !call.withdraw();
    if (call.over.getCount() > 0) {
      throw new RejectedExecutionException("The event loop has ended and will not %s the call. [%s]"
          .formatted(begun ? "finish" : "begin", executor));
    }
  }

  /** Returns how much speaks for it that the loop has ended; 0 for nothing. */
  private int signOfEnd() {
    if (alive != null) {
      return alive.getAsBoolean() ? 0 : CERTAIN_SIGN;
    }
    if (executor instanceof ExecutorService service) {
      return service.isTerminated() ? CERTAIN_SIGN : 0;
    }
    Thread last = lastThread.get();
    return known && (last == null || !last.isAlive()) ? POSSIBLE_SIGN : 0;
  }

  /** What is to be done on the loop; tells how it ended once, then or later. */
  private interface Body<T extends @Nullable Object> {
    void run(Consumer<Outcome<T>> answer) throws Exception;
  }

  /** One call, as the executor has it. */
  private final class Call<T extends @Nullable Object> implements Runnable {
    final CountDownLatch over = new CountDownLatch(1);

    /** Taken by whoever is first, the loop or the caller. */
    private final AtomicReference<@Nullable Body<T>> body;

    /** The waiting thread. Guarded by {@link #body}: read by the loop, cleared by the caller. */
    private @Nullable Thread caller = Thread.currentThread();

    /** Written once, before {@link #over}. */
    private @Nullable Outcome<T> outcome;

    Call(Body<T> body) {
      this.body = new AtomicReference<>(body);
    }

    /** Takes the call back; false if it has begun. */
    boolean withdraw() {
      if (body.getAndSet(null) == null) {
        return false;
      }
      caller = null;
      return true;
    }

    @Override
    public void run() {
      Body<T> taken = body.getAndSet(null);
      if (taken == null) {
        return;
      }
      Thread current = Thread.currentThread();
      if (current != caller && !(executor instanceof ThreadPool)) {
        remember(current);
      }
      boolean outermost = inside.add(current);
      try {
        taken.run(this::end);
      } catch (Throwable thrown) {
        end(Outcome.failure(thrown));
      } finally {
        if (outermost) {
          inside.remove(current);
        }
      }
    }

    private void end(Outcome<T> told) {
      outcome = told;
      over.countDown();
    }

    T value() throws Exception {
      try {
        return requireNonNull(outcome, "outcome").get();
      } catch (Throwable thrown) {
        throw EventLoop.<Exception>asItIs(thrown);
      }
    }
  }

  private void remember(Thread current) {
    if (!lastThread.refersTo(current)) {
      known = true;
      lastThread = new WeakReference<>(current);
    }
  }

  @SuppressWarnings("unchecked") // the caller is to get the very object, also if it is no Exception
  private static <X extends Throwable> X asItIs(Throwable thrown) throws X {
    throw (X) thrown;
  }

  /** Builds an {@link EventLoop}. For use by one thread. */
  public static final class Builder {
    private final Executor executor;
    private @Nullable BooleanSupplier onLoop;
    private @Nullable BooleanSupplier alive;

    private Builder(Executor executor) {
      this.executor = executor;
    }

    /**
     * Sets what tells whether the calling thread is the loop's own. Called before each call, on the
     * calling thread; what it throws, the call throws. Defaults to what the loop can notice itself.
     */
    public Builder onLoop(BooleanSupplier onLoop) {
      this.onLoop = requireNonNull(onLoop, "onLoop");
      return this;
    }

    /**
     * Sets what tells whether the loop still runs what it is given. Called a few times a second while
     * a call waits, on the calling thread; what it throws, the call throws. Defaults to what the loop
     * can notice itself.
     */
    public Builder alive(BooleanSupplier alive) {
      this.alive = requireNonNull(alive, "alive");
      return this;
    }

    /** Returns the loop. */
    public EventLoop build() {
      return new EventLoop(this);
    }
  }
}
