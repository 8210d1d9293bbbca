package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.testkit.ContextPropagatorContract;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ThreadLocalPropagatorTest extends ContextPropagatorContract {
  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

  @AfterEach
  void clear() {
    LOCAL.remove();
  }

  @Override
  protected ContextPropagator propagator() {
    return ThreadLocalPropagator.builder("my-locals").carry("key", LOCAL).build();
  }

  @Override
  protected void with(String value, Runnable body) {
    String before = LOCAL.get();
    LOCAL.set(value);
    try {
      body.run();
    } finally {
      LOCAL.set(before);
    }
  }

  @Override
  protected String value() {
    return LOCAL.get();
  }

  @Override
  protected void leaveBehind(String value) {
    LOCAL.set(value);
  }

  @Override
  protected Map<String, String> described(String value) {
    return Map.of("key", value);
  }

  @Nested
  class Values {
    private final ThreadLocal<List<String>> list = new ThreadLocal<>();
    private final ThreadLocal<Integer> counter = ThreadLocal.withInitial(() -> 0);

    @Test
    void run_setsTheVeryObject() {
      var value = new ArrayList<String>();
      list.set(value);
      CapturedContext captured =
          ThreadLocalPropagator.builder("my-locals").carry("list", list).build().capture();

      NewThread.run(() -> captured.run(() -> assertSame(value, list.get())));
    }

    @Test
    void run_setsTheCopy_whenOneIsAskedFor_X3() {
      list.set(new ArrayList<>(List.of("at submission")));
      CapturedContext captured = ThreadLocalPropagator.builder("my-locals")
          .carry("list", list, ArrayList::new)
          .build()
          .capture();
      list.get().add("later");

      NewThread.run(() -> captured.run(() -> assertEquals(List.of("at submission"), list.get())));
    }

    @Test
    void run_hidesTheWorkersValue_whenTheSubmitterHasNone() {
      CapturedContext captured = propagator().capture();

      NewThread.run(() -> {
        LOCAL.set("worker's own");
        captured.run(() -> assertNull(LOCAL.get()));
        assertEquals("worker's own", LOCAL.get());
      });
    }

    @Test
    void run_takesAwayWhatTheTaskLeft_whenTheSubmitterHasNone() {
      CapturedContext captured = propagator().capture();

      NewThread.run(() -> {
        captured.run(() -> LOCAL.set("left behind"));
        assertNull(LOCAL.get());
      });
      assertEquals(Map.of(), captured.describe());
    }

    @Test
    void run_removesWhatWasAbsent() {
      var removed = new ArrayList<String>();
      var watched = new ThreadLocal<String>() {
        @Override
        public void remove() {
          removed.add("removed");
          super.remove();
        }
      };
      watched.set("submitter");
      CapturedContext captured = ThreadLocalPropagator.builder("my-locals")
          .carry("watched", watched)
          .build()
          .capture();

      NewThread.run(() -> captured.run(() -> assertEquals(List.of(), removed)));

      assertEquals(List.of("removed"), removed);
    }

    @Test
    void run_setsTheInitialValueBack_whenThereIsOne() {
      counter.set(7);
      CapturedContext captured = ThreadLocalPropagator.builder("my-locals")
          .carry("counter", counter)
          .build()
          .capture();

      NewThread.run(() -> {
        captured.run(() -> assertEquals(7, counter.get()));
        assertEquals(0, counter.get());
      });
    }

    @Test
    void describe_leavesOutWhatIsAbsentAndSurvivesHostileValues() {
      var hostile = new ThreadLocal<Object>();
      hostile.set(new Hostile(new AssertionError("hostile")));
      CapturedContext captured = ThreadLocalPropagator.builder("my-locals")
          .carry("hostile", hostile)
          .carry("absent", list)
          .build()
          .capture();

      assertEquals(
          Map.of("hostile", "(its toString threw java.lang.AssertionError)"), captured.describe());
    }
  }

  @Nested
  class Failures {
    private final List<String> events = new ArrayList<>();
    private final TroubleLocal first = new TroubleLocal("first");
    private final TroubleLocal second = new TroubleLocal("second");
    private final TroubleLocal third = new TroubleLocal("third");

    /** Throws, the same thing each time, when it is set to one of its troubles. */
    private final class TroubleLocal extends ThreadLocal<String> {
      final String name;
      final Set<String> troubles = new HashSet<>();
      final RuntimeException thrown;

      TroubleLocal(String name) {
        this.name = name;
        this.thrown = new IllegalStateException(name);
      }

      @Override
      public void set(String value) {
        events.add(name + "=" + value);
        if (troubles.contains(value)) {
          throw thrown;
        }
        super.set(value);
      }
    }

    private CapturedContext captured() {
      List.of(first, second, third).forEach(local -> local.set("submitter"));
      CapturedContext captured = ThreadLocalPropagator.builder("my-locals")
          .carry("first", first)
          .carry("second", second)
          .carry("third", third)
          .build()
          .capture();
      List.of(first, second, third).forEach(local -> local.set("worker"));
      events.clear();
      return captured;
    }

    private Throwable thrownBy(CapturedContext captured, Runnable body) {
      return assertThrows(Throwable.class, () -> captured.run(body));
    }

    @Test
    void run_setsInOrderAndRestoresInReverse() {
      captured().run(() -> events.add("body"));

      assertEquals(
          List.of(
              "first=submitter",
              "second=submitter",
              "third=submitter",
              "body",
              "third=worker",
              "second=worker",
              "first=worker"),
          events);
    }

    @Test
    void run_undoesTheEarlierOnesAndSkipsTheBody_whenOneInTheMiddleCannotBeSet() {
      CapturedContext captured = captured();
      second.troubles.add("submitter");

      assertSame(second.thrown, thrownBy(captured, () -> events.add("body")));

      assertEquals(
          List.of("first=submitter", "second=submitter", "second=worker", "first=worker"), events);
      assertEquals("worker", first.get());
      assertEquals("worker", second.get());
      assertEquals("worker", third.get());
    }

    @Test
    void run_restoresTheOthers_whenOneCannotBeRestored() {
      CapturedContext captured = captured();
      second.troubles.add("worker");

      assertSame(second.thrown, thrownBy(captured, () -> events.add("body")));

      assertEquals("worker", first.get());
      assertEquals("worker", third.get());
      assertEquals("body", events.get(3));
    }

    @Test
    void run_throwsWhatTheBodyThrew_whenARestoreThrowsAsWell_H3() {
      CapturedContext captured = captured();
      first.troubles.add("worker");
      third.troubles.add("worker");
      var fromTheBody = new AssertionError("from the body");

      Throwable thrown = thrownBy(captured, () -> {
        throw fromTheBody;
      });

      assertSame(fromTheBody, thrown);
      assertEquals(List.of(third.thrown, first.thrown), List.of(thrown.getSuppressed()));
      assertEquals("worker", second.get());
    }

    @Test
    void run_throwsTheFirstFailure_whenSeveralCannotBeRestored() {
      CapturedContext captured = captured();
      first.troubles.add("worker");
      third.troubles.add("worker");

      Throwable thrown = thrownBy(captured, () -> {});

      assertSame(third.thrown, thrown);
      assertEquals(List.of(first.thrown), List.of(thrown.getSuppressed()));
    }

    @Test
    void run_throwsTheVeryObject_whenSetAndRestoreThrowTheSame() {
      CapturedContext captured = captured();
      second.troubles.addAll(List.of("submitter", "worker"));
      first.troubles.add("worker");

      Throwable thrown = thrownBy(captured, () -> events.add("body"));

      assertSame(second.thrown, thrown);
      assertEquals(List.of(first.thrown), List.of(thrown.getSuppressed()));
      assertEquals(4, events.size(), events::toString);
    }
  }

  @Nested
  class BadInput {
    private final ThreadLocalPropagator.Builder builder =
        ThreadLocalPropagator.builder("my-locals").carry("tenant", LOCAL);

    @Test
    void builder_refuses_whenTheNameIsNotAPluginName() {
      for (String name : List.of("", "My-Locals", "my locals", "-my", "my-", "9locals", "a\nb")) {
        assertEquals(
            "Propagator name '"
                + name.replace('\n', '?')
                + "' cannot be used. Give lower-case words joined by hyphens, such as my-locals.",
            assertThrows(IllegalArgumentException.class, () -> ThreadLocalPropagator.builder(name))
                .getMessage());
      }
    }

    @Test
    void carry_refuses_whenTheKeyIsTaken() {
      assertRefused(
          "Propagator 'my-locals' already carries a thread-local under 'tenant'. Choose another key.",
          "tenant",
          new ThreadLocal<>());
    }

    @Test
    void carry_refuses_whenTheThreadLocalIsThereAlready() {
      assertRefused(
          "Propagator 'my-locals' already carries the thread-local of 'again', as 'tenant'. Leave out one of the two.",
          "again",
          LOCAL);
    }

    @Test
    void carry_refuses_whenTheKeyIsBlank() {
      assertRefused(
          "Propagator 'my-locals': a thread-local must have a key, was ''. Give the word that reports are to show.",
          "",
          new ThreadLocal<>());
    }

    @Test
    void build_refuses_whenNothingIsCarried() {
      assertEquals(
          "Propagator 'empty' carries nothing. Name at least one thread-local with carry(key, local).",
          assertThrows(
                  IllegalStateException.class,
                  () -> ThreadLocalPropagator.builder("empty").build())
              .getMessage());
    }

    @Test
    void everyMethod_namesTheParameter_whenItIsNull() {
      assertNames("name", () -> ThreadLocalPropagator.builder(null));
      assertNames("key", () -> builder.carry(null, new ThreadLocal<>()));
      assertNames("local", () -> builder.carry("key", null));
      assertNames("copy", () -> builder.carry("key", new ThreadLocal<String>(), null));
    }

    @Test
    void build_copiesIn_whenTheBuilderIsUsedAgain() {
      ThreadLocalPropagator first = builder.build();
      builder.order(9).carry("more", new ThreadLocal<String>(), UnaryOperator.identity());

      assertEquals("my-locals[tenant]", first.toString());
      assertEquals(0, first.order());
      assertEquals("my-locals[tenant, more]", builder.build().toString());
      assertEquals(9, builder.build().order());
    }

    private void assertRefused(String message, String key, ThreadLocal<String> local) {
      assertEquals(
          message,
          assertThrows(IllegalArgumentException.class, () -> builder.carry(key, local))
              .getMessage());
      assertEquals("my-locals[tenant]", builder.build().toString());
    }

    private static void assertNames(String parameter, Runnable call) {
      assertEquals(
          parameter, assertThrows(NullPointerException.class, call::run).getMessage());
    }
  }
}
