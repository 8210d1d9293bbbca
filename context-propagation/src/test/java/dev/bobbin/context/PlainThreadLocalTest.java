package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.bobbin.spi.CapturedContext;
import org.junit.jupiter.api.Test;

/** Which thread-locals may be set to null in the place of being removed: those that show no difference. */
class PlainThreadLocalTest {
  private static CapturedContext captured(ThreadLocal<String> local, String value) {
    local.set(value);
    try {
      return ThreadLocalPropagator.builder("my-locals")
          .carry("key", local)
          .build()
          .capture();
    } finally {
      local.remove();
    }
  }

  @Test
  void plain_readsAsAbsentAgain_afterEachOfManyTasks() {
    var local = new ThreadLocal<String>();
    CapturedContext captured = captured(local, "submitter");

    NewThread.run(() -> {
      for (int i = 0; i < 3; i++) {
        captured.run(() -> assertEquals("submitter", local.get()));
        assertNull(local.get());
      }
    });
  }

  @Test
  void inheritable_isRemoved_soThatAChildInheritsNothing() {
    var local = new InheritableThreadLocal<String>() {
      @Override
      protected String childValue(String parent) {
        return "child of " + parent;
      }
    };
    CapturedContext captured = captured(local, "submitter");

    NewThread.run(() -> {
      captured.run(() -> {});
      NewThread.run(() -> assertNull(local.get()));
    });
  }

  @Test
  void withInitial_isRemoved_soThatTheInitialValueIsBack() {
    ThreadLocal<String> local = ThreadLocal.withInitial(() -> "initial");
    local.set(null);
    CapturedContext captured =
        ThreadLocalPropagator.builder("my-locals").carry("key", local).build().capture();
    local.remove();

    NewThread.run(() -> {
      captured.run(() -> assertEquals("initial", local.get()));
      assertEquals("initial", local.get());
    });
  }
}
