package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ContextWrapper;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.function.Executable;

/** Work that runs in a pool's context where the pool is not. */
class ContextWrapperTest {
  private static final ThreadLocal<String> VALUE = new ThreadLocal<>();

  /** Counts how often it captures, and whether there is anything to capture at all. */
  private static final class Values implements ContextPropagator {
    final AtomicInteger captures = new AtomicInteger();
    final AtomicInteger discarded = new AtomicInteger();

    @Override
    public String name() {
      return "value";
    }

    @Override
    public CapturedContext capture() {
      captures.incrementAndGet();
      String value = VALUE.get();
      return value == null ? null : new Captured(value);
    }

    private final class Captured implements CapturedContext {
      private final String value;

      Captured(String value) {
        this.value = value;
      }

      @Override
      public void run(Runnable body) {
        runWith(value, body);
      }

      @Override
      public void discarded() {
        discarded.incrementAndGet();
      }
    }
  }

  private static void runWith(String value, Runnable body) {
    String before = VALUE.get();
    VALUE.set(value);
    try {
      body.run();
    } finally {
      VALUE.set(before);
    }
  }

  private final Values values = new Values();
  private final ThreadPool pool = Testing.pool(1, 1).contextPropagator(values).start();
  private final ContextWrapper wrapper = pool.contextWrapper();

  @AfterEach
  void stop() {
    VALUE.remove();
    pool.stop();
  }

  /** Runs the body as a thread of another's does: with a value of its own, which must be there afterwards. */
  private static void elsewhere(Runnable body) {
    runWith("elsewhere", () -> {
      body.run();
      assertEquals("elsewhere", VALUE.get());
    });
  }

  @Test
  void wrapped_runsInTheContextOfWhoWrappedIt_whateverItIs() throws Exception {
    var seen = new ArrayList<String>();
    VALUE.set("mine");
    Runnable runnable = wrapper.wrap(() -> {
      seen.add(VALUE.get());
    });
    Callable<String> callable = wrapper.wrap((Callable<String>) VALUE::get);
    Supplier<String> supplier = wrapper.wrapSupplier(VALUE::get);
    Consumer<String> consumer = wrapper.wrapConsumer(given -> seen.add(given + VALUE.get()));
    VALUE.set("later");

    elsewhere(runnable);
    elsewhere(() -> seen.add(supplier.get()));
    elsewhere(() -> consumer.accept("given "));
    elsewhere(runnable); // as often as anybody likes
    VALUE.set("elsewhere");
    assertEquals("mine", callable.call());

    assertEquals(List.of("mine", "mine", "given mine", "mine"), seen);
    assertEquals("elsewhere", VALUE.get());
  }

  @Test
  void wrap_returnsTheVeryObject_whenThereIsNothingToCarry_orNothingEver() {
    Runnable work = () -> {};
    Supplier<String> supplier = () -> "";
    assertSame(work, wrapper.wrap(work));
    assertSame(supplier, wrapper.wrapSupplier(supplier));

    try (ThreadPool plain = Testing.pool(1, 1).start();
        ThreadPool another = Testing.pool(1, 1).start()) {
      VALUE.set("mine");
      ContextWrapper none = plain.contextWrapper();
      Executor direct = Runnable::run;
      assertSame(work, none.wrap(work));
      assertSame(direct, none.wrap(direct));
      assertSame(another, none.wrap((ExecutorService) another));
    }
  }

  @Test
  void wrap_returnsTheVeryObject_whenItIsWrapped_andThePoolPutsNothingAroundIt() throws Exception {
    VALUE.set("mine");
    Runnable runnable = wrapper.wrap(() -> {});
    Callable<String> callable = wrapper.wrap((Callable<String>) VALUE::get);
    values.captures.set(0);
    VALUE.set("the submitter's");

    assertSame(runnable, wrapper.wrap(runnable));
    assertSame(callable, wrapper.wrap(callable));
    assertEquals("mine", Testing.get(pool.submit(callable)));
    pool.execute(runnable);
    Testing.get(pool.submit(runnable));
    Testing.get(pool.submit(runnable, 1));
    assertEquals("mine", pool.invokeAll(List.of(callable)).get(0).get());

    assertEquals(0, values.captures.get());
  }

  /** The context of wrapped work is that of the work alone. */
  @Test
  void callback_hasTheContextOfItsSubmitter_thoughTheWorkIsWrapped() throws Exception {
    VALUE.set("mine");
    Callable<String> wrapped = wrapper.wrap((Callable<String>) VALUE::get);
    var told = new CompletableFuture<String>();
    VALUE.set("the submitter's");

    pool.callInThreadWithCallback(
        outcome ->
            told.complete(outcome.fold(value -> value + ", " + VALUE.get(), failure -> "failed")),
        wrapped);

    assertEquals("mine, the submitter's", Testing.get(told));
  }

  @Test
  void wrap_returnsTheVeryObject_whenItIsAWrappedSupplierOrConsumer() {
    VALUE.set("mine");
    Supplier<String> supplier = wrapper.wrapSupplier(VALUE::get);
    Consumer<String> consumer = wrapper.wrapConsumer(given -> {});

    assertSame(supplier, wrapper.wrapSupplier(supplier));
    assertSame(consumer, wrapper.wrapConsumer(consumer));
  }

  @Test
  void stage_hasNothingPutAroundIt_whenItsFunctionIsWrapped() throws Exception {
    var seen = new CopyOnWriteArrayList<String>();
    VALUE.set("mine");
    Runnable runnable = wrapper.wrap((Runnable) () -> seen.add(VALUE.get()));
    Consumer<Object> consumer = wrapper.wrapConsumer(given -> seen.add(VALUE.get()));
    var done = pool.submit(() -> 1);
    values.captures.set(0);
    VALUE.set("the submitter's");

    Testing.get(done.thenRunAsync(runnable));
    Testing.get(done.thenAcceptAsync(consumer));

    assertEquals(List.of("mine", "mine"), seen);
    assertEquals(0, values.captures.get());
  }

  /** What was captured for a task that the other executor refuses is let go. */
  @Test
  void wrappedExecutor_tellsTheContext_whenATaskIsRefused() throws Exception {
    VALUE.set("mine");
    Executor refusing = wrapper.wrap((Executor) task -> {
      throw new RejectedExecutionException();
    });
    assertThrows(RejectedExecutionException.class, () -> refusing.execute(() -> {}));
    assertEquals(1, values.discarded.get());

    ExecutorService other = Executors.newSingleThreadExecutor();
    ExecutorService carrying = wrapper.wrap(other);
    other.shutdown();
    List<Callable<Integer>> two = List.of(() -> 1, () -> 2);
    for (Executable submission : List.<Executable>of(
        () -> carrying.execute(() -> {}),
        () -> carrying.submit(() -> {}),
        () -> carrying.submit(() -> {}, 1),
        () -> carrying.submit(() -> 1),
        () -> carrying.invokeAll(two),
        () -> carrying.invokeAll(two, 1, TimeUnit.MINUTES),
        () -> carrying.invokeAny(two),
        () -> carrying.invokeAny(two, 1, TimeUnit.MINUTES))) {
      assertThrows(RejectedExecutionException.class, submission);
    }
    assertEquals(1 + 4 + 8, values.discarded.get());
  }

  @Test
  void wrappedExecutor_doesNotTellTheContext_whenATaskHasRun() {
    VALUE.set("mine");
    Executor direct = wrapper.wrap((Executor) Runnable::run);
    assertThrows(
        IllegalStateException.class,
        () -> direct.execute(() -> {
          throw new IllegalStateException("on purpose");
        }));
    assertEquals(0, values.discarded.get());
  }

  /** Its end is that of the other: closing the common pool, for one, does nothing. */
  @Test
  @EnabledForJreRange(min = JRE.JAVA_19)
  void wrappedExecutorService_isClosedAsTheOtherIs() {
    VALUE.set("mine");
    ExecutorService carrying = wrapper.wrap(ForkJoinPool.commonPool());
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> ((AutoCloseable) carrying).close());
  }

  @Test
  void wrapped_throwsWhatTheWorkThrows_asItIs() {
    var checked = new IOException("on purpose");
    VALUE.set("mine");
    Callable<String> callable = wrapper.wrap((Callable<String>) () -> {
      throw checked;
    });
    var error = new AssertionError("on purpose");
    Runnable runnable = wrapper.wrap((Runnable) () -> {
      throw error;
    });
    VALUE.set("elsewhere");

    assertSame(checked, assertThrows(IOException.class, callable::call));
    assertSame(error, assertThrows(AssertionError.class, runnable::run));
    assertEquals("elsewhere", VALUE.get());
  }

  @Test
  void wrappedExecutor_capturesAtEachSubmission() {
    var given = new ArrayList<Runnable>();
    Executor executor = wrapper.wrap((Executor) given::add);
    var seen = new ArrayList<String>();

    for (String value : List.of("one", "two")) {
      runWith(value, () -> executor.execute(() -> seen.add(VALUE.get())));
    }
    given.forEach(task -> elsewhere(task));

    assertEquals(List.of("one", "two"), seen);
  }

  @Test
  void wrappedExecutorService_carriesByEveryWayToSubmit_andIsTheOtherForTheRest() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    ExecutorService carrying = wrapper.wrap(other);
    var seen = new CopyOnWriteArrayList<String>();
    Callable<String> look = VALUE::get;
    Runnable note = () -> seen.add(VALUE.get());
    VALUE.set("mine");

    carrying.execute(note);
    carrying.submit(note).get();
    assertEquals(7, carrying.submit(note, 7).get());
    assertEquals("mine", carrying.submit(look).get());
    assertEquals("mine", carrying.invokeAll(List.of(look)).get(0).get());
    assertEquals(
        "mine", carrying.invokeAll(List.of(look), 1, TimeUnit.MINUTES).get(0).get());
    assertEquals("mine", carrying.invokeAny(List.of(look)));
    assertEquals("mine", carrying.invokeAny(List.of(look), 1, TimeUnit.MINUTES));
    assertEquals(List.of("mine", "mine", "mine"), seen);
    assertNull(other.submit(look).get()); // nothing is left there

    carrying.shutdown();
    assertTrue(other.isShutdown());
    assertTrue(carrying.awaitTermination(1, TimeUnit.MINUTES));
    assertTrue(carrying.isTerminated());
    assertEquals(List.of(), carrying.shutdownNow());
  }

  /** What executors with a queue of priorities ask for: TTL, Sleuth and others broke it. */
  @Test
  void wrapped_comparesAndTellsItselfAsTheWorkDoes() {
    record Step(int rank) implements Runnable, Comparable<Step> {
      @Override
      public void run() {}

      @Override
      public int compareTo(Step other) {
        return Integer.compare(rank, other.rank);
      }
    }
    VALUE.set("mine");
    List<Runnable> wrapped = new ArrayList<>(Arrays.asList(
        wrapper.wrap(new Step(3)), wrapper.wrap(new Step(1)), wrapper.wrap(new Step(2))));

    wrapped.sort((one, two) -> ((ContextualWork<?>) one).compareTo(two));

    assertEquals("[Step[rank=1], Step[rank=2], Step[rank=3]]", wrapped.toString());
    assertEquals(1, ((ContextualWork<?>) wrapper.wrap(new Step(2))).compareTo(new Step(1)));
    assertThrows(
        ClassCastException.class,
        () -> ((ContextualWork<?>) wrapper.wrap((Runnable) () -> {})).compareTo(new Step(1)));
  }

  @Test
  void wrapped_runsAfterThePoolHasStopped() {
    VALUE.set("mine");
    pool.stop();
    Supplier<String> supplier = wrapper.wrapSupplier(VALUE::get);
    VALUE.set("elsewhere");
    assertEquals("mine", supplier.get());
  }

  @Test
  void wrap_namesTheParameter_whenItIsNull() {
    for (Runnable call : List.<Runnable>of(
        () -> wrapper.wrap((Runnable) null),
        () -> wrapper.wrap((Callable<?>) null),
        () -> wrapper.wrapSupplier(null),
        () -> wrapper.wrapConsumer(null),
        () -> wrapper.wrap((Executor) null),
        () -> wrapper.wrap((ExecutorService) null))) {
      String message = assertThrows(NullPointerException.class, call::run).getMessage();
      assertTrue(List.of("work", "supplier", "consumer", "executor").contains(message), message);
    }
  }
}
