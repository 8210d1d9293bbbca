package dev.bobbin.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.bobbin.api.ContextMode;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.Plugin;
import dev.bobbin.spi.WorkerThreadFactory;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WiringPlanTest {
  private static final String PREFIX = TestPlugins.class.getName() + "$";

  @TempDir
  Path folder;

  private final ThreadPoolConfig.Builder config = ThreadPoolConfig.builder("io");

  /** Finds what is shipped, test-threads, absent-threads; beta, alpha, unavailable; alpha; three growths. */
  private Plugins plugins() {
    return discovery().build();
  }

  private Plugins.Builder discovery() {
    return Plugins.builder()
        .classLoader(new ServiceFolder(folder)
            .with(WorkerThreadFactory.class, PREFIX + "Threads", PREFIX + "UnavailableThreads")
            .with(
                ContextPropagator.class, PREFIX + "Alpha", PREFIX + "Beta", PREFIX + "Unavailable")
            .with(FailureReporter.class, PREFIX + "Reporter")
            .with(
                GrowthPolicy.class,
                PREFIX + "Growth",
                PREFIX + "UnavailableGrowth",
                PREFIX + "ThrowingGrowth")
            .loader());
  }

  private static List<String> names(List<? extends Plugin> plugins) {
    return plugins.stream().map(Plugin::name).toList();
  }

  /** Can do what it is told that it can. */
  private static final class Able extends TestPlugins.Propagator {
    static final CapturedContext CLEARED = body -> body.run();
    static final CapturedContext DETACHED = body -> body.run();

    private final Set<ContextMode> modes;

    Able(Set<ContextMode> modes) {
      super("able", 0);
      this.modes = modes;
    }

    @Override
    public Set<ContextMode> modes() {
      return modes;
    }

    @Override
    public CapturedContext cleared() {
      return modes.contains(ContextMode.CLEAR) ? CLEARED : super.cleared();
    }

    @Override
    public CapturedContext detach() {
      return DETACHED;
    }
  }

  @Nested
  class Choosing {
    @Test
    void resolve_takesAllThatWasFound_inOrder() {
      Wiring wiring = new WiringPlan(config.build()).resolve(plugins());

      assertEquals("platform", wiring.threadFactory().name());
      assertEquals(List.of("beta", "alpha"), names(wiring.contextPropagators()));
      assertEquals(List.of("alpha"), names(wiring.failureReporters()));
    }

    @Test
    void resolve_takesTheThreadFactoryThatTheConfigurationNames() {
      Wiring wiring =
          new WiringPlan(config.threadFactory("test-threads").build()).resolve(plugins());

      assertEquals("test-threads", wiring.threadFactory().name());
    }

    @Test
    void resolve_takesTheReplacement_whateverTheConfigurationNames() {
      var plan = new WiringPlan(config.threadFactory("no-such-threads").build());
      var replacement = new TestPlugins.UnavailableThreads();
      plan.replaceThreadFactory(replacement);

      assertSame(replacement, plan.resolve(plugins()).threadFactory());
    }

    @Test
    void resolve_takesNoGrowthPolicy_whenTheConfigurationNamesTheOneThatGrowsAtOnce() {
      assertNull(new WiringPlan(config.build()).resolve(plugins()).growth());
      assertNull(new WiringPlan(config.growthPolicy("at-once").build())
          .resolve(plugins())
          .growth());
    }

    @Test
    void resolve_takesTheGrowthPolicyThatTheConfigurationNames() {
      Wiring wiring = new WiringPlan(config.growthPolicy("test-growth").build()).resolve(plugins());

      assertEquals("test-growth", requireNonNull(wiring.growth()).policy().name());
      assertFalse(wiring.growth().asksForWaits());
    }

    @Test
    void resolve_takesTheGrowthPolicyHandedOver_whateverTheConfigurationNames() {
      var plan = new WiringPlan(config.growthPolicy("no-such-growth").build());
      var own = new HandPolicy().asksForWaits(true);
      plan.replaceGrowthPolicy(own);

      PoolGrowth growth = requireNonNull(plan.resolve(plugins()).growth());
      assertSame(own, growth.policy());
      assertTrue(growth.asksForWaits());
    }

    @Test
    void resolve_takesTheGrowthPolicyHandedOver_whenItsNameIsDeniedOrRequired() {
      var plan = new WiringPlan(config.denyPlugins("test-growth").build());
      var own = new TestPlugins.Growth();
      plan.replaceGrowthPolicy(own);
      assertSame(own, requireNonNull(plan.resolve(plugins()).growth()).policy());

      var requiring = new WiringPlan(
          ThreadPoolConfig.builder("io").requirePlugins("by-hand").build());
      requiring.replaceGrowthPolicy(new HandPolicy());
      assertEquals(
          "by-hand",
          requireNonNull(requiring.resolve(plugins()).growth()).policy().name());
    }

    @Test
    void resolve_sortsWhatWasHandedOverInAmongTheDiscovered() {
      var plan = new WiringPlan(config.build());
      plan.add(TestPlugins.propagator("own", 0));

      assertEquals(
          List.of("beta", "own", "alpha"), names(plan.resolve(plugins()).contextPropagators()));
    }

    @Test
    void resolve_takesListeners_inOrder_butThoseThatAreDenied() {
      var plan =
          new WiringPlan(config.denyPlugins("alpha").requirePlugins("own").build());
      var first = new RecordingListener("early", event -> {});
      var second = new RecordingListener("own", event -> {});
      plan.add(second);
      plan.add(first);

      assertEquals(List.of(first, second), plan.resolve(plugins()).listeners());
    }

    @Test
    void resolve_prefersWhatWasHandedOver_whenADiscoveredOneHasItsName() {
      ContextPropagator own = TestPlugins.propagator("alpha", -20);
      var plan = new WiringPlan(config.build());
      plan.add(own);

      try (var log = new LogCapture(WiringPlan.class)) {
        Wiring wiring = plan.resolve(plugins());

        assertSame(own, wiring.contextPropagators().get(0));
        assertEquals(List.of("alpha", "beta"), names(wiring.contextPropagators()));
        assertEquals(List.of("alpha"), names(wiring.failureReporters()));
        assertEquals(
            List.of(
                "Pool 'io': context propagator 'alpha' handed over takes the place of the discovered one: dev.bobbin.core.TestPlugins$Named (in file:*) instead of dev.bobbin.core.TestPlugins$Alpha (in file:*)."),
            log.messages(Level.INFO).stream()
                .map(text -> text.replaceAll("file:[^ )]*", "file:*"))
                .toList());
      }
    }

    @Test
    void resolve_leavesOutWhatThePoolDenies_butNotWhatWasHandedOver() {
      var plan = new WiringPlan(config.denyPlugins("alpha", "beta").build());
      plan.add(TestPlugins.propagator("beta", 0));

      Wiring wiring = plan.resolve(plugins());

      assertEquals(List.of("beta"), names(wiring.contextPropagators()));
      assertEquals(List.of(), wiring.failureReporters());
    }

    @Test
    void resolve_warns_whenADeniedPluginIsNotThere() {
      var plan = new WiringPlan(config.denyPlugins("alhpa").build());

      try (var log = new LogCapture(WiringPlan.class)) {
        plan.resolve(plugins());

        assertEquals(
            List.of(
                "Pool 'io': denied plugin 'alhpa' was not found anyway. Found: 'absent-threads', 'platform', 'test-threads', 'virtual', 'beta', 'unavailable', 'alpha', 'absent-growth', 'after-wait', 'at-once', 'limited-rate', 'test-growth', 'throwing-growth'."),
            log.messages(Level.WARNING));
      }
    }

    @Test
    void resolve_takesPropagatorsInTheModesThatTheConfigurationNames() {
      var able = new Able(EnumSet.allOf(ContextMode.class));
      var plan = new WiringPlan(config
          .contextMode("able", ContextMode.CLEAR)
          .contextMode("alpha", ContextMode.UNCHANGED)
          .contextMode("beta", ContextMode.PROPAGATE)
          .build());
      plan.add(able);

      List<ContextPropagator> propagators = plan.resolve(plugins()).contextPropagators();

      assertEquals(List.of("beta", "able"), names(propagators));
      assertSame(TestPlugins.Beta.class, propagators.get(0).getClass());
      assertSame(Able.CLEARED, propagators.get(1).capture());
      assertSame(propagators.get(1).capture(), propagators.get(1).capture());
    }

    @Test
    void resolve_detachesInsteadOfCapturing_whenTheConfigurationSaysSo() {
      var plan = new WiringPlan(config.contextMode("able", ContextMode.DETACH).build());
      plan.add(new Able(EnumSet.allOf(ContextMode.class)));

      assertSame(
          Able.DETACHED,
          plan.resolve(Plugins.none()).contextPropagators().get(0).capture());
    }

    @Test
    void resolve_isContent_whenARequiredPluginIsFoundOrHandedOver() {
      var plan = new WiringPlan(config.requirePlugins("beta", "own").build());
      plan.add(TestPlugins.propagator("own", 0));

      assertEquals(3, plan.resolve(plugins()).contextPropagators().size());
    }
  }

  @Nested
  class Mistakes {
    private List<String> problemsOf(WiringPlan plan, Plugins plugins) {
      return assertThrows(WiringException.class, () -> plan.resolve(plugins)).problems().stream()
          .map(text -> text.replaceAll("file:[^ )]*", "file:*"))
          .toList();
    }

    private List<String> problemsOf(WiringPlan plan) {
      return problemsOf(plan, plugins());
    }

    @Test
    void resolve_listsThoseFound_whenAModeIsForAnUnknownPropagator() {
      assertEquals(
          List.of(
              "Pool 'io': context propagator 'gamma', which is to CLEAR, was not found. Found: 'beta', 'unavailable', 'alpha'. Name one of these, or put its jar on the class path, bind it, or hand it over."),
          problemsOf(
              new WiringPlan(config.contextMode("gamma", ContextMode.CLEAR).build())));
    }

    @Test
    void resolve_saysWhy_whenAModeIsForAnUnavailablePropagator() {
      assertEquals(
          List.of(
              "Pool 'io': context propagator 'unavailable', which is to CLEAR, cannot work here: the library 'lib' is absent. Mend what it lacks, or name no mode for it."),
          problemsOf(new WiringPlan(
              config.contextMode("unavailable", ContextMode.CLEAR).build())));
    }

    @Test
    void resolve_listsTheModes_whenAPropagatorHasNotTheOneAskedFor() {
      var plan = new WiringPlan(config.contextMode("able", ContextMode.CLEAR).build());
      plan.add(new Able(EnumSet.of(ContextMode.PROPAGATE, ContextMode.DETACH)));

      List<String> problems = problemsOf(plan, Plugins.none());

      assertEquals(1, problems.size());
      assertTrue(
          problems
              .get(0)
              .matches(
                  "Pool 'io': context propagator 'able' \\(.*Able \\(in file:\\*\\)\\) cannot CLEAR\\. It can: \\[PROPAGATE, DETACH\\]\\. Choose one of these, or UNCHANGED\\."),
          problems.get(0));
    }

    @Test
    void resolve_tellsWhatWasThrown_whenAPropagatorCannotTellItsModes() {
      var thrown = new IllegalStateException("no idea");
      var plan = new WiringPlan(config.contextMode("lost", ContextMode.CLEAR).build());
      plan.add(new TestPlugins.Propagator("lost", 0) {
        @Override
        public Set<ContextMode> modes() {
          throw thrown;
        }
      });

      var wrong = assertThrows(WiringException.class, () -> plan.resolve(Plugins.none()));

      assertTrue(
          wrong
              .problems()
              .get(0)
              .contains("could not be set up to CLEAR: "
                  + "java.lang.IllegalStateException: no idea. Mend it, or deny it."),
          wrong.problems().get(0));
    }

    @Test
    void resolve_listsThoseFound_whenTheThreadFactoryIsUnknown() {
      assertEquals(
          List.of(
              "Pool 'io': thread factory 'fast' was not found. Choose one of those found: 'platform', 'test-threads', or add a plugin of that name."),
          problemsOf(
              new WiringPlan(config.threadFactory("fast").build()),
              discovery().deny("virtual").build()));
    }

    @Test
    void resolve_saysWhy_whenTheThreadFactoryIsUnavailable() {
      assertEquals(
          List.of(
              "Pool 'io': thread factory 'absent-threads' cannot work here: it needs a JDK that nobody has. Choose another: 'platform', 'test-threads'."),
          problemsOf(
              new WiringPlan(config.threadFactory("absent-threads").build()),
              discovery().deny("virtual").build()));
    }

    @Test
    void resolve_saysSo_whenTheThreadFactoryIsDeniedByThePool() {
      var plan = new WiringPlan(
          config.threadFactory("test-threads").denyPlugins("test-threads").build());

      assertEquals(
          List.of(
              "Pool 'io': thread factory 'test-threads' is both chosen and denied. Choose another: 'platform', or do not deny it."),
          problemsOf(plan, discovery().deny("virtual").build()));
    }

    @Test
    void resolve_saysSo_whenTheThreadFactoryIsDeniedByDiscovery() {
      assertEquals(
          List.of(
              "Pool 'io': thread factory 'virtual' was found, but discovery denies it. Choose another: 'platform', 'test-threads', or do not deny it."),
          problemsOf(
              new WiringPlan(config.threadFactory("virtual").build()),
              discovery().deny("virtual").build()));
    }

    @Test
    void resolve_listsThoseFound_whenTheGrowthPolicyIsUnknown() {
      assertEquals(
          List.of(
              "Pool 'io': growth policy 'slow' was not found. Choose one of those found: 'after-wait', 'at-once', 'limited-rate', 'test-growth', 'throwing-growth', or add a plugin of that name."),
          problemsOf(new WiringPlan(config.growthPolicy("slow").build())));
    }

    @Test
    void resolve_saysWhy_whenTheGrowthPolicyIsUnavailable() {
      assertEquals(
          List.of(
              "Pool 'io': growth policy 'absent-growth' cannot work here: it needs a clock that nobody has. Choose another: 'after-wait', 'at-once', 'limited-rate', 'test-growth', 'throwing-growth'."),
          problemsOf(new WiringPlan(config.growthPolicy("absent-growth").build())));
    }

    @Test
    void resolve_saysSo_whenTheGrowthPolicyIsDenied() {
      assertEquals(
          List.of(
              "Pool 'io': growth policy 'at-once' is both chosen and denied. Choose another: 'after-wait', 'limited-rate', or do not deny it."),
          problemsOf(new WiringPlan(config.denyPlugins("at-once").build()), Plugins.none()));
    }

    @Test
    void resolve_refuses_whenTheGrowthPolicyHandedOverIsUnavailable() {
      var plan = new WiringPlan(config.build());
      plan.replaceGrowthPolicy(new TestPlugins.UnavailableGrowth());

      assertEquals(
          List.of(
              "Pool 'io': growth policy 'absent-growth', which was handed over, cannot work here: it needs a clock that nobody has. Leave it out, or mend what it lacks."),
          problemsOf(plan));
    }

    @Test
    void resolve_refuses_whenTheGrowthPolicyThrowsForThePool() {
      assertEquals(
          List.of(
              "Pool 'io': growth policy 'throwing-growth' (dev.bobbin.core.TestPlugins$ThrowingGrowth (in file:*)) could not be set up for it: java.lang.IllegalStateException: no growth for io. Mend it, or choose another."),
          problemsOf(new WiringPlan(config.growthPolicy("throwing-growth").build())));
    }

    @Test
    void resolve_refuses_whenTheGrowthPolicyMakesNoDecider() {
      GrowthPolicy policy = mock(GrowthPolicy.class);
      when(policy.name()).thenReturn("empty");
      when(policy.unavailable()).thenReturn(Optional.empty());
      var plan = new WiringPlan(config.build());
      plan.replaceGrowthPolicy(policy);

      String problem = problemsOf(plan).get(0);
      assertTrue(
          problem.contains(
              "could not be set up for it: java.lang.NullPointerException: forPool(config) returned null. Mend it"),
          problem);
    }

    @Test
    void resolve_listsThoseFound_whenARequiredPluginIsUnknown() {
      assertEquals(
          List.of(
              "Pool 'io': required plugin 'mdc' was not found. Found: 'platform', 'virtual', 'after-wait', 'at-once', 'limited-rate'. Put its jar on the class path, bind it, or hand it over."),
          problemsOf(new WiringPlan(config.requirePlugins("mdc").build()), Plugins.none()));
    }

    @Test
    void resolve_saysWhy_whenARequiredPluginIsUnavailable() {
      assertEquals(
          List.of(
              "Pool 'io': required context propagator 'unavailable' cannot work here: the library 'lib' is absent. Mend what it lacks, or do not require it."),
          problemsOf(new WiringPlan(config.requirePlugins("unavailable").build())));
    }

    @Test
    void resolve_saysSo_whenARequiredPluginIsDeniedByDiscovery() {
      assertEquals(
          List.of(
              "Pool 'io': required plugin 'beta' was found, but discovery denies it. Leave out one of the two."),
          problemsOf(
              new WiringPlan(config.requirePlugins("beta").build()),
              discovery().deny("beta").build()));
    }

    @Test
    void resolve_refuses_whenWhatWasHandedOverIsUnavailable() {
      var plan = new WiringPlan(config.requirePlugins("unavailable").build());
      plan.add(new TestPlugins.Unavailable());

      assertEquals(
          List.of(
              "Pool 'io': context propagator 'unavailable', which was handed over, cannot work here: the library 'lib' is absent. Leave it out, or mend what it lacks."),
          problemsOf(plan));
    }

    @Test
    void resolve_refuses_whenTwoOfOneNameWereHandedOver() {
      var plan = new WiringPlan(config.build());
      plan.add(TestPlugins.propagator("own", 0));
      plan.add(TestPlugins.propagator("own", 1));

      assertEquals(
          List.of(
              "Pool 'io': two context propagators named 'own' were handed over: dev.bobbin.core.TestPlugins$Named (in file:*) and dev.bobbin.core.TestPlugins$Named (in file:*). Leave one out, or rename it."),
          problemsOf(plan));
    }

    @Test
    void resolve_refuses_whenWhatWasHandedOverHasNoName() {
      var plan = new WiringPlan(config.build());
      plan.add(new TestPlugins.NullName());

      assertEquals(
          List.of(
              "Pool 'io': context propagator dev.bobbin.core.TestPlugins$NullName (in file:*) cannot be used: its name() failed with java.lang.NullPointerException: name() returned null. Mend it or leave it out."),
          problemsOf(plan));
    }

    @Test
    void resolve_namesAllProblemsAtOnce_whenThereAreSeveral() {
      var plan = new WiringPlan(
          config.threadFactory("fast").requirePlugins("mdc", "unavailable").build());
      plan.add(new TestPlugins.NameThrows());

      assertEquals(4, problemsOf(plan).size());
    }
  }
}
