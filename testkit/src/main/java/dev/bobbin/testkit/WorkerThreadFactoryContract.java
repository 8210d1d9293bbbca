package dev.bobbin.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bobbin.spi.Plugin;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link WorkerThreadFactory} must do. A test of one extends this. */
public abstract class WorkerThreadFactoryContract extends PluginContract {
  private static final int THREADS = 4;
  private static final int FOR_EACH = 25;
  private static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();

  /** Called by JUnit. */
  protected WorkerThreadFactoryContract() {}

  /** Returns the factory. */
  protected abstract WorkerThreadFactory factory();

  /**
   * Returns the name that the factory gives a thread for these settings. Defaults to that which they ask
   * for.
   */
  protected String expectedName(WorkerThreadSettings settings) {
    return settings.threadName();
  }

  @Override
  final Plugin plugin() {
    return factory();
  }

  private static WorkerThreadSettings settings() {
    return WorkerThreadSettings.builder("io", "PoolThread-io-7").build();
  }

  @Test
  void newThread_returnsAThreadThatWasNotStarted() {
    assertEquals(Thread.State.NEW, factory().newThread(settings(), () -> {}).getState());
  }

  @Test
  void newThread_returnsAThreadThatRunsTheBodyOnce_andThenEnds() {
    List<Thread> ran = Collections.synchronizedList(new ArrayList<>());
    Thread thread = factory().newThread(settings(), () -> ran.add(Thread.currentThread()));
    assertEquals(List.of(), ran);

    thread.start();

    Threads.join(thread);
    assertEquals(List.of(thread), ran);
  }

  @Test
  void newThread_hasTheNameThatItIsToHave() {
    WorkerThreadSettings settings = settings();
    assertEquals(expectedName(settings), factory().newThread(settings, () -> {}).getName());
  }

  @Test
  void newThread_hasTheContextClassLoaderAskedFor() {
    var loader = new ClassLoader() {};
    var settings = WorkerThreadSettings.builder("io", "PoolThread-io-7")
        .contextClassLoader(loader)
        .build();
    assertSame(loader, factory().newThread(settings, () -> {}).getContextClassLoader());
  }

  /** What the thread that happens to submit has, is no business of the worker's. */
  @Test
  void newThread_inheritsNoThreadLocals() {
    List<@Nullable String> seen = Collections.synchronizedList(new ArrayList<>());
    INHERITABLE.set("the submitter's");
    Thread thread;
    try {
      thread = factory().newThread(settings(), () -> seen.add(INHERITABLE.get()));
    } finally {
      INHERITABLE.remove();
    }

    thread.start();

    Threads.join(thread);
    assertEquals(1, seen.size());
    assertNull(seen.get(0));
  }

  @Test
  void newThread_returnsAnotherThreadEachTime_whenManyThreadsAskAtOnce() {
    Set<Thread> made = Collections.synchronizedSet(new HashSet<>());
    Threads.runAtOnce(THREADS, () -> {
      for (int i = 0; i < FOR_EACH; i++) {
        made.add(factory().newThread(settings(), () -> {}));
      }
    });

    assertEquals(THREADS * FOR_EACH, made.size());
  }
}
