package dev.bobbin.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.Key;
import dev.bobbin.api.ThreadPool;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolsTest {
  @Pool("io")
  private final String annotated = "";

  private Pool written() throws NoSuchFieldException {
    return Objects.requireNonNull(
        PoolsTest.class.getDeclaredField("annotated").getAnnotation(Pool.class), annotated);
  }

  @Test
  void named_equalsWhatIsWrittenInSource() throws Exception {
    Pool made = Pools.named("io");

    assertEquals(written(), made);
    assertEquals(made, written());
    assertEquals(written().hashCode(), made.hashCode());
    assertEquals(written().annotationType(), made.annotationType());
    assertEquals(written().toString(), made.toString());
    assertEquals(Key.get(ThreadPool.class, written()), Key.get(ThreadPool.class, made));
  }

  @Test
  void named_differs_whenTheNameDoes() {
    assertNotEquals(Pools.named("io"), Pools.named("cpu"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "${jndi:x}", "%s"})
  void named_refuses_whenNoPoolCanHaveThatName(String name) {
    var thrown = assertThrows(IllegalArgumentException.class, () -> Pools.named(name));

    assertTrue(thrown.getMessage().startsWith("Pool name '"), thrown.getMessage());
  }
}
