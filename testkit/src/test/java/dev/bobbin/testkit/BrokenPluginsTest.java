package dev.bobbin.testkit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That the contracts catch what they are there to catch: each test here is a plugin with one defect. */
class BrokenPluginsTest {
  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

  /** A propagator as it should be, but for what a subclass does otherwise. */
  private static class Propagator implements ContextPropagator {
    @Override
    public String name() {
      return "local";
    }

    @Override
    public CapturedContext capture() {
      return new Captured(this, LOCAL.get());
    }

    void run(String value, Runnable body) {
      String before = LOCAL.get();
      LOCAL.set(value);
      try {
        body.run();
      } finally {
        LOCAL.set(before);
      }
    }
  }

  private record Captured(Propagator propagator, String value) implements CapturedContext {
    @Override
    public void run(Runnable body) {
      propagator.run(value, body);
    }

    @Override
    public Map<String, String> describe() {
      return Map.of("local", String.valueOf(value));
    }
  }

  private static ContextPropagatorContract contractOf(ContextPropagator propagator) {
    return new ContextPropagatorContract() {
      @Override
      protected ContextPropagator propagator() {
        return propagator;
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
        return Map.of("local", value);
      }
    };
  }

  private static void fails(Runnable test) {
    assertThrows(AssertionError.class, test::run);
  }

  @Test
  void contextPropagator_passes_whenItIsAsItShouldBe() {
    ContextPropagatorContract contract = contractOf(new Propagator());
    assertAll(
        contract::capture_returns_whenThereIsNoValue,
        contract::capture_readsOnTheSubmittingThreadAtThatMoment,
        contract::capture_isUntouched_whenTheSubmitterChangesItsValueLater,
        contract::capture_changesNothingOnTheSubmittingThread,
        contract::run_callsTheBodyOnceOnTheCallingThread,
        contract::run_leavesTheWorkerAsItWas_whenTheBodyReturns,
        contract::run_leavesTheWorkerAsItWas_whenTheBodyThrows,
        contract::run_leavesTheWorkerAsItWas_whenTheBodyLeavesSomethingBehind,
        contract::run_nests_whenATaskSubmitsATask,
        contract::run_canBeCalledAgain_andByManyThreadsAtOnce,
        contract::modes_haveThatOfCarrying,
        contract::cleared_takesTheValueAway_andPutsItBack,
        contract::detach_isUntouched_whenTheSubmittersValueIsGone,
        contract::describe_tellsTheValue_onAnyThread);
  }

  @Test
  void contextPropagator_fails_whenItClearsInsteadOfRestoring() {
    ContextPropagatorContract contract = contractOf(new Propagator() {
      @Override
      void run(String value, Runnable body) {
        LOCAL.set(value);
        try {
          body.run();
        } finally {
          LOCAL.remove();
        }
      }
    });
    fails(contract::run_leavesTheWorkerAsItWas_whenTheBodyReturns);
  }

  @Test
  void contextPropagator_fails_whenItDoesNotRestoreAfterAnException() {
    ContextPropagatorContract contract = contractOf(new Propagator() {
      @Override
      void run(String value, Runnable body) {
        String before = LOCAL.get();
        LOCAL.set(value);
        body.run();
        LOCAL.set(before);
      }
    });
    fails(contract::run_leavesTheWorkerAsItWas_whenTheBodyThrows);
  }

  @Test
  void contextPropagator_fails_whenItReadsOnTheWorker() {
    ContextPropagatorContract contract = contractOf(new Propagator() {
      @Override
      void run(String value, Runnable body) {
        body.run();
      }
    });
    fails(contract::capture_readsOnTheSubmittingThreadAtThatMoment);
  }

  @Test
  void contextPropagator_fails_whenItRunsTheBodyTwice() {
    ContextPropagatorContract contract = contractOf(new Propagator() {
      @Override
      void run(String value, Runnable body) {
        super.run(value, body);
        super.run(value, body);
      }
    });
    fails(contract::run_callsTheBodyOnceOnTheCallingThread);
  }

  @Test
  void contextPropagator_fails_whenItCapturesNothing() {
    ContextPropagatorContract contract = contractOf(new Propagator() {
      @Override
      public CapturedContext capture() {
        return null;
      }
    });
    fails(contract::describe_tellsTheValue_onAnyThread);
  }

  @Test
  void contextPropagator_fails_whenItSaysThatItCanClearAndDoesNot() {
    ContextPropagatorContract contract = contractOf(new Propagator() {
      @Override
      public Set<ContextMode> modes() {
        return EnumSet.allOf(ContextMode.class);
      }

      @Override
      public CapturedContext cleared() {
        return Runnable::run;
      }

      @Override
      public CapturedContext detach() {
        return body -> run(LOCAL.get(), body); // reads on the worker
      }
    });
    fails(contract::cleared_takesTheValueAway_andPutsItBack);
    fails(contract::detach_isUntouched_whenTheSubmittersValueIsGone);
  }

  @Test
  void plugin_fails_whenItsNameCannotBeChosen() {
    ContextPropagatorContract contract = contractOf(new Propagator() {
      @Override
      public String name() {
        return "My Locals";
      }
    });
    fails(contract::name_isLowerCaseWordsJoinedByHyphens_andAlwaysTheSame);
  }

  @Test
  void plugin_fails_whenItIsNotAvailable() {
    ContextPropagatorContract contract = contractOf(new Propagator() {
      @Override
      public Optional<String> unavailable() {
        return Optional.of("its library is absent");
      }
    });
    fails(contract::plugin_isAvailableHere);
  }

  /** Tells what it is given as it is, as a subclass will. */
  private abstract static class Reporter implements FailureReporter {
    final List<String> told = Collections.synchronizedList(new ArrayList<>());

    @Override
    public String name() {
      return "list";
    }
  }

  private static FailureReporterContract contractOf(Reporter reporter) {
    return new FailureReporterContract() {
      @Override
      protected FailureReporter reporter() {
        return reporter;
      }

      @Override
      protected List<String> told() {
        return reporter.told;
      }
    };
  }

  private static Reporter goodReporter() {
    return new Reporter() {
      @Override
      public void report(FailureReport report) {
        told.add(report + " " + report.throwable());
      }
    };
  }

  @Test
  void failureReporter_passes_whenItIsAsItShouldBe() {
    contractOf(goodReporter()).report_tellsWhatIsInIt();
    contractOf(goodReporter()).report_takesEveryKind_withNothingButWhatMustBeThere();
    contractOf(goodReporter()).report_isOneLine_whateverTheTextsAre();
    contractOf(goodReporter()).report_takesAThrowableThatIsItsOwnCause();
    contractOf(goodReporter()).report_tellsEachFailure_whenManyThreadsReportAtOnce();
  }

  @Test
  void failureReporter_fails_whenItTellsTextsAsTheyAre() {
    fails(contractOf(new Reporter() {
      @Override
      public void report(FailureReport report) {
        told.add(report.subject());
      }
    })::report_isOneLine_whateverTheTextsAre);
  }

  @Test
  void failureReporter_fails_whenItLeavesOutTheContext() {
    fails(contractOf(new Reporter() {
      @Override
      public void report(FailureReport report) {
        told.add(report.pool() + report.worker() + report.subject() + report.throwable());
      }
    })::report_tellsWhatIsInIt);
  }

  @Test
  void failureReporter_fails_whenItTellsEqualFailuresOnce() {
    fails(contractOf(new Reporter() {
      @Override
      public void report(FailureReport report) {
        synchronized (told) {
          if (!told.contains(report.subject())) {
            told.add(report.subject());
          }
        }
      }
    })::report_tellsEachFailure_whenManyThreadsReportAtOnce);
  }

  private abstract static class Factory implements WorkerThreadFactory {
    @Override
    public String name() {
      return "factory";
    }
  }

  private static WorkerThreadFactoryContract contractOf(WorkerThreadFactory factory) {
    return new WorkerThreadFactoryContract() {
      @Override
      protected WorkerThreadFactory factory() {
        return factory;
      }
    };
  }

  @Test
  void workerThreadFactory_fails_whenItGivesAThreadTwice() {
    WorkerThreadFactoryContract contract = contractOf(new Factory() {
      private final Thread only = new Thread(() -> {});

      @Override
      public Thread newThread(WorkerThreadSettings settings, Runnable body) {
        return only;
      }
    });
    fails(contract::newThread_returnsAnotherThreadEachTime_whenManyThreadsAskAtOnce);
    fails(contract::newThread_hasTheNameThatItIsToHave);
    fails(contract::newThread_returnsAThreadThatRunsTheBodyOnce_andThenEnds);
  }

  @Test
  void workerThreadFactory_fails_whenThreadLocalsAreInherited() {
    WorkerThreadFactoryContract contract = contractOf(new Factory() {
      @Override
      public Thread newThread(WorkerThreadSettings settings, Runnable body) {
        return new Thread(body, settings.threadName());
      }
    });
    fails(contract::newThread_inheritsNoThreadLocals);
    fails(contract::newThread_hasTheContextClassLoaderAskedFor);
  }

  @Test
  void workerThreadFactory_fails_whenTheThreadIsStarted() {
    WorkerThreadFactoryContract contract = contractOf(new Factory() {
      @Override
      public Thread newThread(WorkerThreadSettings settings, Runnable body) {
        var thread = new Thread(body, settings.threadName());
        thread.start();
        return thread;
      }
    });
    fails(contract::newThread_returnsAThreadThatWasNotStarted);
  }
}
