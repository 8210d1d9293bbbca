package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a context answers, and where. */
class ContextTest {
  private static final ContextKey<String> X = ContextKey.named("x");
  private static final ContextKey<Integer> Y = ContextKey.named("y");

  @Test
  void get_returnsNull_whenNothingIsSet_S50() {
    assertNull(Context.current().get(X));
    assertNull(X.get());
    assertSame(Context.empty(), Context.current());
  }

  @Test
  void get_returnsTheValue_insideTheCall_S51() {
    assertEquals("y", Context.with(X, "y").call(() -> Context.current().get(X)));
    assertEquals("y", Context.with(X, "y").call(X::get));
  }

  @Test
  void get_returnsNull_afterTheCall_S52() {
    Context.with(X, "y").run(() -> assertEquals("y", X.get()));

    assertNull(Context.current().get(X));
    assertSame(Context.empty(), Context.current());
  }

  @Test
  void get_returnsTheInnerValue_whenBothCallsHaveTheKey() {
    Context.with(X, "outer").run(() -> {
      assertEquals("inner", Context.with(X, "inner").call(X::get));
      assertEquals("outer", X.get());
    });
  }

  @Test
  void get_returnsTheOuterValue_whenTheInnerCallHasOtherKeys() {
    Context.with(X, "outer").run(() -> assertEquals("outer", Context.with(Y, 1).call(X::get)));
  }

  @Test
  void get_returnsNullAndNotTheDefault_whenTheKeyIsPresentWithNull() {
    ContextKey<String> key = ContextKey.named("key");
    key.setDefault("default");

    Context context = Context.with(key, null);

    assertNull(context.get(key));
    assertNull(context.get(key, "fallback"));
    assertTrue(context.contains(key));
  }

  @Test
  void get_returnsTheFallback_whenThereIsNeitherValueNorDefault() {
    assertEquals("fallback", Context.empty().get(X, "fallback"));
  }

  @Test
  void and_leavesTheOriginalAlone() {
    Context one = Context.empty().and(X, "one");

    Context two = one.and(X, "two").and(Y, 2);

    assertEquals("one", one.get(X));
    assertFalse(one.contains(Y));
    assertEquals("two", two.get(X));
    assertEquals(2, two.get(Y));
  }

  @Test
  void run_showsWhatTheContextHasAndNothingElse_whenItWasMadeOutside() {
    Context made = Context.empty().and(Y, 1);

    Context.with(X, "x")
        .run(() -> made.run(() -> {
          assertNull(X.get());
          assertEquals(1, Y.get());
        }));
  }

  @Test
  void isEmpty_tellsWhetherThereAreValues() {
    assertTrue(Context.empty().isEmpty());
    assertFalse(Context.empty().and(X, null).isEmpty());
  }

  @Test
  void current_isEmpty_onANewThread() {
    Context.with(X, "mine")
        .run(() -> assertTrue(NewThread.call(() -> Context.current().isEmpty())));
  }

  @Test
  void call_runsOnceOnTheCallingThread() {
    var threads = new ArrayList<Thread>();

    Context.with(X, "x").run(() -> threads.add(Thread.currentThread()));

    assertEquals(List.of(Thread.currentThread()), threads);
  }

  @Test
  void describe_tellsKeysAndValuesInTheOrderInWhichTheyWereAdded() {
    Context context = Context.empty().and(Y, 7).and(X, null).and(Y, 8);

    assertEquals("{y=8, x=null}", context.describe().toString());
  }

  @Test
  void describe_tellsBothValues_whenTwoKeysShareAName() {
    Context context = Context.empty().and(X, "mine").and(ContextKey.<String>named("x"), "theirs");

    assertEquals(Map.of("x", "mine", "x#2", "theirs"), context.describe());
  }

  @Test
  void describe_harmsNobody_whenAValueIsHostile() {
    ContextKey<Object> key = ContextKey.named("hostile");

    assertEquals(
        Map.of("hostile", "(its toString threw java.lang.StackOverflowError)"),
        Context.with(key, new Hostile(new StackOverflowError())).describe());
    assertEquals(Map.of("hostile", "null"), Context.with(key, new Hostile(null)).describe());
  }

  @Test
  void toString_tellsTheKeysAndHidesTheValues() {
    assertEquals("Context[x, y]", Context.empty().and(X, "secret").and(Y, 1).toString());
  }

  @Test
  void everyMethod_namesTheParameter_whenItIsNull() {
    Context context = Context.empty();

    assertNames("key", () -> Context.with(null, "x"));
    assertNames("key", () -> context.and(null, "x"));
    assertNames("key", () -> context.get(null));
    assertNames("key", () -> context.get(null, "x"));
    assertNames("key", () -> context.contains(null));
    assertNames("body", () -> context.run(null));
    assertNames("operation", () -> context.call(null));
  }

  private static void assertNames(String parameter, Runnable call) {
    assertEquals(parameter, assertThrows(NullPointerException.class, call::run).getMessage());
  }
}
