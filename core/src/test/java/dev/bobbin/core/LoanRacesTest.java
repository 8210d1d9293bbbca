package dev.bobbin.core;

import static dev.bobbin.core.TeamRacesTest.explore;
import static dev.bobbin.core.TeamRacesTest.race;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.core.TeamRacesTest.Bench;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The races of lent and renewed workers with resizes, stops and workers that leave, explored as in
 * {@link TeamRacesTest}. The team itself asserts at every step that the number of workers keeps to the
 * changes under way.
 */
@Tag("proof")
class LoanRacesTest {
  /** How many interleavings the short form explores; more actors make each one longer. */
  private static final int INVOCATIONS = 40;

  private static final ExtraWorkers LENDS = new ExtraWorkers(2, ExtraWorkers.NEVER, 2);
  private static final ExtraWorkers RENEWS = new ExtraWorkers(0, ExtraWorkers.NEVER, 1);

  /** Returns a team with as many workers as its maximum, all of which have begun. */
  private static Bench bench(int workers, ExtraWorkers extras, List<Worker> begun) {
    var bench = new Bench(workers, workers, extras);
    bench.team.start();
    for (int i = 0; i < workers; i++) {
      begun.add(bench.seams.begin(bench.team));
    }
    return bench;
  }

  /** Lets everybody go on until nothing moves, errands included. */
  private static void settle(Bench bench) {
    for (int i = 0; i < 4; i++) {
      bench.seams.runUntilQuiet(bench.team);
      bench.seams.runErrands();
    }
    bench.seams.runUntilQuiet(bench.team);
  }

  private static void assertSettled(Bench bench, int alive) {
    PoolStatistics numbers = bench.team.statistics();
    assertEquals(alive, bench.seams.alive(), numbers::toString);
    assertEquals(alive, numbers.workers(), numbers::toString);
    assertEquals(0, numbers.lent() + numbers.renewing(), numbers::toString);
    assertTrue(new TeamView(bench.team).sizes().isSettled(), numbers::toString);
  }

  /** Forbids: a loan that crosses a resize is lost, or stays for ever, or takes the resize with it. */
  @Test
  void race06_loanAgainstResize_endsAtTheTarget() {
    explore(INVOCATIONS, () -> {
      var begun = new ArrayList<Worker>();
      Bench bench = bench(1, LENDS, begun);
      bench.submit();
      var inForce = new ArrayList<CompletionStage<?>>();
      race(
          () -> {
            if (bench.team.lend(begun.get(0))) {
              bench.team.takeBack(begun.get(0));
            }
          },
          () -> inForce.add(bench.team.adjust(sizes -> new PoolSizes(2, 2))));
      settle(bench);
      assertSettled(bench, 2);
      assertTrue(inForce.get(0).toCompletableFuture().isDone());
      assertEquals(1, bench.ran.get());
    });
  }

  /** Forbids: of two loans at once one is counted twice, or not at all. */
  @Test
  void race06_loanAgainstLoan_countsBoth() {
    explore(INVOCATIONS, () -> {
      var begun = new ArrayList<Worker>();
      Bench bench = bench(2, LENDS, begun);
      boolean[] lent = new boolean[2];
      race(
          () -> lent[0] = bench.team.lend(begun.get(0)),
          () -> lent[1] = bench.team.lend(begun.get(1)));
      assertTrue(lent[0] && lent[1]);
      assertEquals(2, bench.team.statistics().lent());
      race(() -> bench.team.takeBack(begun.get(0)), () -> bench.team.takeBack(begun.get(1)));
      settle(bench);
      assertSettled(bench, 2);
    });
  }

  /** Forbids: two workers leave for the one loan that is given back, or none does. */
  @Test
  void race06_returnAgainstRetire_letsOneGo() {
    explore(INVOCATIONS, () -> {
      var begun = new ArrayList<Worker>();
      Bench bench = bench(1, LENDS, begun);
      Worker first = begun.get(0);
      bench.submit();
      bench.team.lend(first);
      bench.team.startWorker();
      Worker second = bench.seams.begin(bench.team);
      race(
          () -> {
            bench.team.takeBack(first);
            bench.step(first);
          },
          () -> {
            bench.step(second);
            bench.step(second);
          });
      settle(bench);
      assertSettled(bench, 1);
      assertEquals(1, bench.ran.get());
    });
  }

  /** Forbids: a stop is held up by a loan, or by the worker that was lent. */
  @Test
  void race11_loanAgainstStop_ends() {
    explore(INVOCATIONS, () -> {
      var begun = new ArrayList<Worker>();
      Bench bench = bench(1, LENDS, begun);
      bench.submit();
      race(
          () -> {
            if (bench.team.lend(begun.get(0))) {
              bench.team.takeBack(begun.get(0));
            }
          },
          bench.team::beginStop);
      bench.finishStopped(1);
    });
  }

  /** Forbids: the comer and the goer both go, or both stay, when the sizes change meanwhile. */
  @Test
  void race06_renewalAgainstResize_endsAtTheTarget() {
    explore(INVOCATIONS, () -> {
      var begun = new ArrayList<Worker>();
      Bench bench = bench(1, RENEWS, begun);
      bench.submit();
      bench.step(begun.get(0)); // runs the task, and asks
      race(bench.seams::runErrands, () -> {
        bench.resize(2, 2);
        bench.resize(1, 1);
      });
      settle(bench);
      assertSettled(bench, 1);
    });
  }

  /** Forbids: the goer parks unseen by the comer, which sees it not yet parked, and both stay. */
  @Test
  void race01_renewalAgainstPark_letsTheGoerGo() {
    explore(INVOCATIONS, () -> {
      var begun = new ArrayList<Worker>();
      Bench bench = bench(1, RENEWS, begun);
      Worker goer = begun.get(0);
      bench.submit();
      bench.step(goer);
      bench.seams.runErrands();
      race(() -> bench.seams.begin(bench.team), () -> bench.step(goer));
      settle(bench);
      assertSettled(bench, 1);
      assertTrue(goer.hasLeft());
    });
  }

  /** Forbids: a comer begins in a team that a stop has ended, or the end is missed. */
  @Test
  void race11_renewalAgainstStop_ends() {
    explore(INVOCATIONS, () -> {
      var begun = new ArrayList<Worker>();
      Bench bench = bench(1, RENEWS, begun);
      bench.submit();
      bench.step(begun.get(0));
      race(bench.seams::runErrands, bench.team::beginStop);
      settle(bench);
      bench.finishStopped(1);
      assertEquals(0, bench.seams.alive());
    });
  }

  /** Forbids: two workers that are old enough at once are both replaced at once. */
  @Test
  void race06_renewalAgainstRenewal_isOneAtATime() {
    explore(INVOCATIONS, () -> {
      var begun = new ArrayList<Worker>();
      Bench bench = bench(2, RENEWS, begun);
      bench.submit();
      bench.submit();
      race(() -> bench.step(begun.get(0)), () -> bench.step(begun.get(1)));
      bench.seams.runErrands();
      assertTrue(bench.team.statistics().workers() <= 3);
      settle(bench);
      assertSettled(bench, 2);
    });
  }
}
