package dev.bobbin.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.testkit.ContextPropagatorContract;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.ContextStorage;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenTelemetryContextPropagatorTest extends ContextPropagatorContract {
  private static final ContextKey<String> KEY = ContextKey.named("key");
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  /** A task that adds attributes to the span it runs in has left nothing behind. */
  @Test
  void present_isTheSame_whenWhatIsInTheContextChanges() {
    var span = new AtomicInteger();
    ContextKey<AtomicInteger> key = ContextKey.named("span");
    ContextStorage.get().attach(Context.root().with(key, span));

    Map<String, String> before = propagator().present();
    span.incrementAndGet();

    assertEquals(before, propagator().present());
  }

  @AfterEach
  void clear() {
    ContextStorage.get().attach(Context.root());
  }

  @Override
  protected ContextPropagator propagator() {
    return new OpenTelemetryContextPropagator();
  }

  @Override
  protected void with(String value, Runnable body) {
    Context before = Context.current();
    ContextStorage.get().attach(before.with(KEY, value));
    try {
      body.run();
    } finally {
      ContextStorage.get().attach(before);
    }
  }

  @Override
  protected String value() {
    return Context.current().get(KEY);
  }

  @Override
  protected void leaveBehind(String value) {
    Context.current().with(KEY, value).makeCurrent();
  }

  @Override
  protected Map<String, String> described(String value) {
    return Map.of(); // only the ids of trace and span are told
  }

  @Override
  protected String detached(String value) {
    return null; // of all that is in a context, only the span's ids and the baggage are copied
  }

  @Test
  void detach_copiesTheSpansIdsAndTheBaggage_andNotTheSpan() {
    var ids = SpanContext.create(TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault());
    Span span = mock(Span.class);
    when(span.getSpanContext()).thenReturn(ids);
    when(span.isRecording()).thenReturn(true);
    when(span.storeInContext(any())).thenCallRealMethod();
    Context both =
        Context.root().with(span).with(Baggage.builder().put("tenant", "acme").build());
    CapturedContext detached = both.wrapSupplier(() -> propagator().detach()).get();

    NewThread.run(() -> detached.run(() -> {
      assertEquals(ids, Span.current().getSpanContext());
      assertNotSame(span, Span.current());
      assertFalse(Span.current().isRecording());
      assertEquals("acme", Baggage.current().getEntryValue("tenant"));
    }));
  }

  @Test
  void run_makesTheSubmittersSpanAndBaggageCurrent_andReportsTellItsIds() {
    Span span = Span.wrap(
        SpanContext.create(TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault()));
    Context both =
        Context.root().with(span).with(Baggage.builder().put("tenant", "acme").build());
    CapturedContext captured = both.wrapSupplier(() -> propagator().capture()).get();

    NewThread.run(() -> {
      captured.run(() -> {
        assertEquals(TRACE, Span.current().getSpanContext().getTraceId());
        assertEquals("acme", Baggage.current().getEntryValue("tenant"));
      });
      assertSame(Context.root(), Context.current());
    });
    assertEquals(
        "{trace_id=" + TRACE + ", span_id=" + SPAN + "}", captured.describe().toString());
  }

  @Test
  void run_hidesWhatAnotherTaskHasLeft_whenTheSubmitterHasNone() {
    CapturedContext captured = propagator().capture();

    NewThread.run(() -> {
      leaveBehind("left by another");
      Context left = Context.current();
      captured.run(() -> assertSame(Context.root(), Context.current()));
      assertSame(left, Context.current());
    });
  }

  /** OpenTelemetry ignores the closing of a scope while one that was opened inside is open. */
  @Test
  void run_makesTheWorkersOwnCurrentAgain_whenTheTaskLeavesScopesOpen() {
    CapturedContext captured = propagator().capture();

    NewThread.run(() -> with("worker", () -> {
      captured.run(() -> {
        leaveBehind("one");
        leaveBehind("two");
      });
      assertEquals("worker", value());
    }));
  }
}
