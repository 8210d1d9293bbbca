package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is in force once a call inside a context has ended. */
class ContextRestoreTest {
  private static final ContextKey<String> X = ContextKey.named("x");

  @Test
  void run_restores_whenTheBodyThrows_H2() {
    Context outer = Context.with(X, "outer");

    outer.run(() -> {
      assertThrows(
          IllegalStateException.class,
          () -> Context.with(X, "inner").run(() -> {
            throw new IllegalStateException();
          }));
      assertSame(outer, Context.current());
    });
    assertSame(Context.empty(), Context.current());
  }

  @Test
  void call_restores_whenTheOperationThrows_H2() {
    assertThrows(
        IOException.class,
        () -> Context.with(X, "inner").call(() -> {
          throw new IOException();
        }));

    assertSame(Context.empty(), Context.current());
  }

  @Test
  void run_letsTheVeryThrowablePass_H3() {
    for (Throwable thrown :
        List.of(new IllegalStateException("as it is"), new AssertionError(), new IOException())) {
      var passed = assertThrows(
          Throwable.class, () -> Context.with(X, "x").run(() -> throwInSecret(thrown)));

      assertSame(thrown, passed);
      assertEquals(0, passed.getSuppressed().length);
      assertNull(passed.getCause());
    }
  }

  @Test
  void call_letsTheVeryThrowablePass_H3() {
    var thrown = new IOException("as it is");

    var passed = assertThrows(
        IOException.class,
        () -> Context.with(X, "x").call(() -> {
          throw thrown;
        }));

    assertSame(thrown, passed);
    assertEquals(0, passed.getSuppressed().length);
  }

  @Test
  void run_restoresWhatWasThere_whenTheBodyLeavesAFrameBehind_X6() {
    Context outer = Context.with(X, "outer");

    outer.run(() -> {
      Context.with(X, "task").run(() -> Context.install(Context.with(X, "left behind")));
      assertSame(outer, Context.current());
    });
    Context.with(X, "task").run(() -> Context.install(Context.with(X, "left behind")));
    assertSame(Context.empty(), Context.current());
  }

  @Test
  void run_restoresWhatWasThere_whenTheBodyTakesTheFrameAway_X6() {
    Context outer = Context.with(X, "outer");

    outer.run(() -> {
      Context.with(X, "task").run(() -> Context.install(null));
      assertSame(outer, Context.current());
    });
  }

  @Test
  void run_leavesNothingOnTheThread_whenItIsBackAtTheBottom() {
    var value = runInsideAContextOfItsOwn();

    // The thread lives on; only its thread-locals could still hold the value.
    for (int i = 0; i < 100 && value.get() != null; i++) {
      System.gc();
    }
    assertNull(value.get());
  }

  private static WeakReference<Object> runInsideAContextOfItsOwn() {
    ContextKey<Object> key = ContextKey.named("key");
    var value = new Object();
    Context.with(key, value).run(() -> assertTrue(Context.current().contains(key)));
    return new WeakReference<>(value);
  }

  @Test
  void run_letsItsClassLoaderGo_whenItIsBackAtTheBottom() throws Exception {
    var loader = runInAClassLoaderOfItsOwn();

    for (int i = 0; i < 100 && loader.get() != null; i++) {
      System.gc();
    }
    assertNull(loader.get());
  }

  private static WeakReference<ClassLoader> runInAClassLoaderOfItsOwn() throws Exception {
    ClassLoader loader = HidingClassLoader.without("org.slf4j.");
    Class<?> contexts = loader.loadClass(Context.class.getName());
    Class<?> keys = loader.loadClass(ContextKey.class.getName());
    assertNotSame(Context.class, contexts);
    Object key = keys.getMethod("named", String.class).invoke(null, "key");
    Object context = contexts.getMethod("with", keys, Object.class).invoke(null, key, "value");
    contexts.getMethod("run", Runnable.class).invoke(context, (Runnable) () -> {});
    return new WeakReference<>(loader);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void throwInSecret(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
