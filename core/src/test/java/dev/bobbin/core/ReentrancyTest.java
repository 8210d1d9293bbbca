package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.bobbin.api.Overflow;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults 6 and 18: whatever a pool calls may call the pool, in every way and from every place. */
class ReentrancyTest {
  /** Where the pool is called again. */
  private enum Place {
    FACTORY,
    CAPTURE,
    BEFORE_THE_BODY,
    AFTER_THE_BODY,
    TEXT_OF_THE_TASK,
    REPORTER,
    OVERFLOW_POLICY
  }

  /** What is called there. */
  private enum Call {
    SUBMIT(pool -> pool.submit(() -> 1)),
    SUBMIT_WITH_A_CALLBACK(pool -> pool.callInThreadWithCallback(outcome -> {}, () -> 1)),
    LOOK(pool -> {
      pool.statistics();
      pool.sizes();
      pool.state();
      pool.dumpStats();
      assertTrue(pool.toString().contains("p"));
    }),
    RESIZE(pool -> pool.adjustPoolSize(1, 3)),
    RESIZE_AWAY_AND_BACK(pool -> {
      pool.adjustPoolSize(0, 0);
      pool.adjustPoolSize(0, 2);
    }),
    START_A_WORKER(ThreadPool::startAWorker),
    STOP_A_WORKER(ThreadPool::stopAWorker),
    START(ThreadPool::start),
    STOP(ThreadPool::stop),
    STOP_WITH_A_DEADLINE(pool -> pool.stop(Duration.ofSeconds(Held.LONG_SECONDS))),
    STOP_AT_ONCE(pool -> pool.stop(Duration.ZERO)),
    SHUTDOWN(ThreadPool::shutdown),
    SHUTDOWN_NOW(ThreadPool::shutdownNow),
    CLOSE(Testing::close),
    STOP_TWICE(pool -> {
      pool.stop();
      pool.stop(Duration.ZERO);
    });

    final Action action;

    Call(Action action) {
      this.action = action;
    }

    boolean stops() {
      return ordinal() >= STOP.ordinal();
    }
  }

  private interface Action {
    void on(ThreadPool pool);
  }

  /** Does the call once, at its place, and tells how that went. */
  private static final class Hook {
    private final Place place;
    private final Call call;
    private final AtomicBoolean armed = new AtomicBoolean();
    private final CompletableFuture<ThreadPool> pool = new CompletableFuture<>();
    private final CompletableFuture<String> told = new CompletableFuture<>();
    private final Held held;

    Hook(Place place, Call call, Held held) {
      this.place = place;
      this.call = call;
      this.held = held;
    }

    void at(Place here) {
      if (here == place && armed.compareAndSet(true, false)) {
        held.release(); // a stop called here could else wait for it for ever
        try {
          call.action.on(pool.join());
          told.complete("done");
        } catch (TaskRejectedException refused) {
          assertEquals(Place.OVERFLOW_POLICY, place, "the backlog is still full there");
          told.complete("done");
        } catch (Throwable thrown) {
          told.completeExceptionally(thrown);
        }
      }
    }
  }

  static Stream<Arguments> everyCallAtEveryPlace() {
    return Arrays.stream(Place.values())
        .flatMap(place -> Arrays.stream(Call.values()).map(call -> arguments(place, call)));
  }

  @ParameterizedTest
  @MethodSource("everyCallAtEveryPlace")
  void fault06_fault18_call_isServedAndThePoolGoesOnOrEnds(Place place, Call call)
      throws Exception {
    try (var held = new Held(2)) {
      var hook = new Hook(place, call, held);
      try (ThreadPool pool = poolWith(hook)) {
        hook.pool.complete(pool);
        boolean full = place == Place.OVERFLOW_POLICY;
        for (int i = 0; full && i < 2; i++) {
          pool.execute(held);
        }
        if (full) {
          held.awaitBegun();
          pool.execute(() -> {}); // the backlog has no room for more
        }
        hook.armed.set(true);
        Testing.get(Testing.inThread(() -> Testing.isAccepted(() -> pool.execute(failing(hook)))));
        assertEquals("done", Testing.get(hook.told));
        if (call.stops()) {
          assertTrue(pool.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS), pool::toString);
        } else {
          Testing.eventually("room", () -> pool.statistics().backlog() == 0);
          assertEquals(PoolState.RUNNING, pool.state());
          assertEquals(1, Testing.get(pool.submit(() -> 1)));
        }
        var numbers = Testing.stopped(pool);
        assertEquals(0, numbers.backlog() + numbers.running(), numbers::toString);
      }
    }
  }

  private static ThreadPool poolWith(Hook hook) {
    var config = Testing.config(0, 2).toBuilder()
        .backlogLimit(1)
        .whenFull(Overflow.block(Duration.ofDays(1)))
        .build();
    return ThreadPools.builder(config)
        .threadFactory(body -> {
          hook.at(Place.FACTORY);
          return new Thread(body);
        })
        .contextPropagator(new ContextPropagator() {
          @Override
          public String name() {
            return "reentrant";
          }

          @Override
          public CapturedContext capture() {
            hook.at(Place.CAPTURE);
            return body -> {
              hook.at(Place.BEFORE_THE_BODY);
              body.run();
              hook.at(Place.AFTER_THE_BODY);
            };
          }
        })
        .failureReporter(new FailureReporter() {
          @Override
          public String name() {
            return "reentrant";
          }

          @Override
          public void report(FailureReport report) {
            hook.at(Place.REPORTER);
          }
        })
        .overflowPolicy((pool, options) -> {
          hook.at(Place.OVERFLOW_POLICY);
          return Overflow.refuse();
        })
        .start();
  }

  private static Runnable failing(Hook hook) {
    return new Runnable() {
      @Override
      public void run() {
        throw new IllegalStateException("on purpose");
      }

      @Override
      public String toString() {
        hook.at(Place.TEXT_OF_THE_TASK);
        return "failing";
      }
    };
  }
}
