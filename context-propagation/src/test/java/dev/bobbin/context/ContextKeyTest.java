package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Keys and their defaults. */
class ContextKeyTest {
  private final ContextKey<String> key = ContextKey.named("key");

  @Test
  void get_returnsTheDefault_outsideAnyCall_S53() {
    key.setDefault("default");

    assertEquals("default", key.get());
    assertEquals("default", Context.current().get(key));
    assertEquals("default", Context.current().get(key, "fallback"));

    key.removeDefault();
    assertNull(key.get());
    assertEquals("fallback", Context.current().get(key, "fallback"));
  }

  @Test
  void setDefault_isSeenByThreadsThatRunAlready() {
    NewThread.run(() -> key.setDefault("set elsewhere"));

    assertEquals("set elsewhere", key.get());
    assertEquals("set elsewhere", NewThread.call(key::get));
  }

  @Test
  void setDefault_isOfLowestPrecedence() {
    Context.with(key, "value").run(() -> {
      key.setDefault("default");
      assertEquals("value", key.get());
    });
    assertEquals("default", key.get());
  }

  @Test
  void setDefault_isSeenInsideContextsMadeBefore_X4() {
    Context before = Context.with(ContextKey.<String>named("other"), "other");

    key.setDefault("later");

    assertEquals("later", NewThread.call(() -> before.call(key::get)));
  }

  @Test
  void setDefault_winsOverTheFallback_whenItIsNull() {
    key.setDefault(null);

    assertNull(Context.current().get(key, "fallback"));
  }

  @Test
  void equals_isIdentity_whenTwoKeysShareAName() {
    ContextKey<String> other = ContextKey.named("key");

    assertNotEquals(key, other);
    assertNull(Context.with(key, "mine").get(other));
  }

  @Test
  void toString_isTheName() {
    assertEquals("key", key.name());
    assertEquals("key", key.toString());
  }

  @Test
  void named_refuses_whenTheNameIsBlankOrNull() {
    assertEquals(
        "A context key must have a name, was ' ?'. Give the word that reports are to show.",
        assertThrows(IllegalArgumentException.class, () -> ContextKey.named(" \n"))
            .getMessage());
    assertEquals(
        "name",
        assertThrows(NullPointerException.class, () -> ContextKey.named(null)).getMessage());
  }
}
