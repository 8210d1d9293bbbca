package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.core.HandFactory.Mode;
import dev.bobbin.core.HookedBacklog.Point;
import dev.bobbin.spi.GrowthAnswer;
import dev.bobbin.spi.GrowthRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One random history of one team: what is called, who is stepped, what fails, and what steps in between. */
final class RandomWalk {
  private static final int MOST_WORKERS = 4;
  private static final int DEEPEST = 3;
  private static final long KEEP = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LINGER = KEEP / 8;

  private final Random random;
  private final SteppedTeam stepped;
  private final KeepAlive.Rule staying;
  private final boolean renews;
  private final @Nullable HandPolicy policy;
  private final List<HandTask> accepted = new ArrayList<>();
  private final List<HandTask> refused = new ArrayList<>();
  private final StringBuilder story = new StringBuilder();
  private int depth;

  RandomWalk(long seed) {
    this.random = new Random(seed);
    int max = random.nextInt(MOST_WORKERS + 1);
    int min = random.nextInt(max + 1);
    int maxLent = random.nextInt(3);
    long renewAfterTasks = random.nextBoolean() ? ExtraWorkers.NEVER : 1 + random.nextInt(3);
    this.renews = renewAfterTasks != ExtraWorkers.NEVER;
    var extras = new ExtraWorkers(maxLent, ExtraWorkers.NEVER, renewAfterTasks);
    boolean stay = random.nextBoolean();
    this.staying =
        stay ? KeepAlive.Rule.FOR_EVER : new KeepAlive.Rule(KEEP, random.nextInt(3) * KEEP / 2);
    this.policy = random.nextInt(3) == 0 ? new HandPolicy().answer(this::answer) : null;
    boolean linger = random.nextInt(3) == 0;
    String asks = (policy == null ? "" : ", asking a policy") + (linger ? ", lingering" : "");
    tell("a team of (" + min + ", " + max + ") with " + extras + ", " + staying + asks);
    this.stepped = SteppedTeam.made(min, max, staying, extras, policy);
    stepped.linger(linger ? LINGER : 0);
  }

  /** Does so many actions, then brings the team to its end, and checks what became of each task. */
  void run(int actions) {
    for (int i = 0; i < actions; i++) {
      act();
    }
    finish();
  }

  /** Returns what was done, a line each; what was done within something else is indented. */
  String story() {
    return story.toString();
  }

  private void act() {
    switch (random.nextInt(29)) {
      case 0, 1, 2, 3, 4, 5 -> submit();
      case 6, 7, 8, 9, 10, 11 -> stepSomebody();
      case 12, 13 -> beginSomebody();
      case 14 -> start();
      case 15 -> resize();
      case 16 -> tell("startAWorker", stepped::startWorker);
      case 17 -> tell("stopAWorker", stepped::dismissWorker);
      case 18 -> cancelSomething();
      case 19 -> setFactory();
      case 20, 21 -> stepInBetween();
      case 22 -> stepInTheFactory();
      case 23, 24 -> runErrands();
      case 25, 26, 27 -> passTime();
      default -> rareAction();
    }
  }

  private void rareAction() {
    switch (random.nextInt(8)) {
      case 0 -> tell("stop", stepped::beginStop);
      case 1 -> tell("give up", stepped::giveUp);
      case 2, 3 -> killSomebody();
      default -> wakeSomebodyForNothing();
    }
  }

  // ------------------------------------------------------------------ actions

  private void submit() {
    int number = accepted.size() + refused.size();
    int inside = depth < DEEPEST && random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0;
    boolean fails = random.nextInt(8) == 0;
    boolean blocks = random.nextInt(4) == 0;
    var task = new HandTask("task " + number, () -> {
      boolean lent = blocks && lend(number);
      within("in task " + number, inside);
      if (lent) {
        tell("task " + number + " no longer blocks", stepped::takeBack);
      }
      if (fails) {
        throw new IllegalStateException("as it should");
      }
    });
    tell("submit task " + number);
    try {
      stepped.submit(task);
      accepted.add(task);
    } catch (TaskRejectedException refusal) {
      tell("  refused: " + refusal.reason());
      refused.add(task);
    }
  }

  private GrowthAnswer answer(GrowthRequest request) {
    if (random.nextInt(4) == 0) {
      stepped.unsettled(() -> within("in the policy", 1 + random.nextInt(2)));
    }
    GrowthAnswer answer = switch (random.nextInt(4)) {
      case 0 -> GrowthAnswer.no();
      case 1 -> GrowthAnswer.notBefore(Duration.ofNanos(1 + random.nextInt((int) KEEP)));
      default -> GrowthAnswer.now();
    };
    tell("the policy says " + answer);
    return answer;
  }

  private boolean lend(int number) {
    tell("task " + number + " blocks");
    return stepped.lend();
  }

  private void runErrands() {
    tell("errands");
    if (stepped.hasErrands()) {
      stepped.runErrands();
    }
  }

  private void stepSomebody() {
    List<Worker> ready = stepped.ready();
    if (!ready.isEmpty()) {
      Worker worker = ready.get(random.nextInt(ready.size()));
      tell("step " + worker);
      stepped.step(worker);
    }
  }

  private void wakeSomebodyForNothing() {
    List<Worker> parked = stepped.alive().stream()
        .filter(worker -> worker.isParked() && worker.isCounted() && !worker.isWoken())
        .toList();
    if (!parked.isEmpty()) {
      Worker worker = parked.get(random.nextInt(parked.size()));
      tell("wake for nothing " + worker);
      stepped.stepAnyway(worker);
    }
  }

  private void beginSomebody() {
    List<Worker> newborn = stepped.toBegin();
    if (!newborn.isEmpty()) {
      Worker worker = newborn.get(random.nextInt(newborn.size()));
      tell("begin " + worker);
      stepped.begin(worker);
    }
  }

  private void killSomebody() {
    List<Worker> newborn = stepped.toBegin();
    if (!newborn.isEmpty()) {
      Worker worker = newborn.get(random.nextInt(newborn.size()));
      tell("the thread of " + worker + " dies");
      if (worker.thread() instanceof HandThread thread) {
        stepped.factory().kill(thread);
      }
    }
  }

  private void start() {
    tell("start", stepped::start);
  }

  private void resize() {
    int max = random.nextInt(MOST_WORKERS + 1);
    int min = random.nextInt(max + 1);
    tell("resize to (" + min + ", " + max + ")", () -> stepped.resize(min, max));
  }

  private void passTime() {
    long nanos = KEEP * random.nextInt(5) / 4;
    tell("the clock goes on by " + nanos, () -> stepped.pass(nanos));
  }

  private void cancelSomething() {
    if (!accepted.isEmpty()) {
      HandTask task = accepted.get(random.nextInt(accepted.size()));
      tell("cancel " + task);
      stepped.cancel(task);
    }
  }

  private void setFactory() {
    Mode[] modes = Mode.values();
    Mode mode = random.nextInt(3) == 0 ? modes[random.nextInt(modes.length)] : Mode.WORKS;
    tell("the factory now " + mode);
    stepped.factory().mode(mode);
  }

  private void stepInBetween() {
    Point[] points = Point.values();
    Point point = points[random.nextInt(points.length)];
    int time = 1 + random.nextInt(4);
    int actions = 1 + random.nextInt(3);
    tell("(at the " + time + ". " + point + " " + actions + " actions)");
    stepped.at(time, point, () -> within("at " + point, actions));
  }

  private void stepInTheFactory() {
    int actions = 1 + random.nextInt(3);
    if (random.nextBoolean()) {
      tell("(in the factory " + actions + " actions)");
      stepped.factory().during(() -> within("in the factory", actions));
    } else {
      tell("(when a thread starts " + actions + " actions)");
      stepped.factory().duringStart(() -> within("as a thread starts", actions));
    }
  }

  private void within(String where, int actions) {
    if (actions == 0 || depth >= DEEPEST) {
      return;
    }
    depth++;
    tell(where + ":");
    for (int i = 0; i < actions; i++) {
      act();
    }
    tell("so much " + where);
    depth--;
  }

  // ------------------------------------------------------------------ the end

  private void finish() {
    tell("the end:");
    stepped.backlog().hook(point -> {});
    stepped.factory().forgetInterruptions();
    stepped.factory().mode(Mode.WORKS);
    if (policy != null) {
      policy.answer(HandPolicy.now());
    }
    settle();
    PoolState state = stepped.team().state();
    if (state == PoolState.RUNNING && stepped.view().sizes().max > 0) {
      assertEquals(0, stepped.backlogged(), "all is run that can be");
      assertHandlesAreDone();
    }
    if (state == PoolState.RUNNING) {
      assertSurplusLeaves();
    }
    stepped.beginStop();
    settle();
    assertTrue(stepped.team().hasEnded(), "the team has ended");
    assertEquals(List.of(), stepped.alive(), "nobody is left");
    assertHandlesAreDone();
    accepted.forEach(RandomWalk::assertEndedOnce);
    for (HandTask task : refused) {
      assertEquals(0, task.runs() + task.discards(), () -> task + " was refused");
    }
  }

  /** Lets so much time go by that all must leave who are not needed, if there is a keep-alive. */
  private void assertSurplusLeaves() {
    stepped.backlog().hook(point -> {}); // a task that was run meanwhile may have set another
    stepped.factory().forgetInterruptions();
    int live = stepped.alive().size();
    for (int i = 0; i < 4 * MOST_WORKERS; i++) {
      stepped.pass(KEEP);
      settle();
    }
    int left = stepped.alive().size();
    if (staying != KeepAlive.Rule.FOR_EVER) {
      assertTrue(left <= stepped.view().sizes().min, "all leave that are idle above the minimum");
    } else if (!renews) { // or one is late to be replaced
      assertEquals(live, left, "all stay");
    }
    if (!renews) {
      assertEquals(0, stepped.timer().pending(), "nothing is timed when nobody may leave");
    }
  }

  private void settle() {
    stepped.runAll();
    while (stepped.hasErrands()) {
      stepped.runErrands();
      stepped.runAll();
    }
    stepped.act(stepped.view()::lookForDeadThreads);
    stepped.runAll();
  }

  private void assertHandlesAreDone() {
    Sizes sizes = stepped.view().sizes();
    PoolSizes target = sizes.target;
    if (stepped.view().isInForce()) {
      assertEquals(target, sizes.inForce.join());
    }
  }

  private static void assertEndedOnce(HandTask task) {
    int ends = task.runs() + task.discards() + (task.isCancelled() ? 1 : 0);
    assertEquals(1, ends, () -> task + " ends once");
  }

  // ------------------------------------------------------------------ the story

  private void tell(String what) {
    story.append("  ".repeat(depth)).append(what).append('\n');
  }

  private void tell(String what, Runnable call) {
    tell(what);
    try {
      call.run();
    } catch (IllegalStateException refusal) { // of a stopped team, or for want of a thread
      tell("  threw " + refusal.getMessage());
    }
  }
}
