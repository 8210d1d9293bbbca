package dev.bobbin.core;

import static dev.bobbin.core.TeamState.DRAINING;
import static dev.bobbin.core.TeamState.ENDED;
import static dev.bobbin.core.TeamState.NEW;
import static dev.bobbin.core.TeamState.RUNNING;
import static dev.bobbin.core.TeamState.idle;
import static dev.bobbin.core.TeamState.isWaking;
import static dev.bobbin.core.TeamState.live;
import static dev.bobbin.core.TeamState.making;
import static dev.bobbin.core.TeamState.phase;
import static dev.bobbin.core.TeamState.total;
import static java.util.Objects.requireNonNull;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolStatistics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Drives a {@link Team} by hand: no thread is ever started, and the test chooses which worker begins,
 * takes, parks or leaves next. After every step and every call the invariant of the team, the ranges
 * of its fields and its books are checked.
 */
abstract class Stepped implements Seams {
  /*
   * One worker's step takes and runs a whole task. What happens while tasks run is therefore said by
   * the tasks themselves: a task's body may submit, step other workers, stop, look. Such steps are
   * nested; the worker whose task it is counts as busy and cannot be stepped.
   *
   * How much can be checked depends on where the test is. Between two steps, and inside a task, all
   * of it. Inside a thread factory a place is in the making for which there is no worker yet. At a
   * point in the middle of the team's own code nothing is settled but the ranges.
   */
  private static final int ENOUGH = 100_000;

  private final HandFactory factory = new HandFactory();
  private final List<Worker> made = new ArrayList<>();
  private final Set<Worker> toBegin = new LinkedHashSet<>();
  private final Set<Worker> alive = new LinkedHashSet<>();
  private final Set<Worker> left = new LinkedHashSet<>();
  private final Deque<Worker> stepping = new ArrayDeque<>();
  private final List<Runnable> afterSteps = new ArrayList<>();
  private final List<HandThread> unparked = new ArrayList<>();
  private final ManualTimer timer = new ManualTimer(1);
  private final Deque<Errands> errands = new ArrayDeque<>();
  private long linger;
  private boolean errandThreadFails;
  private boolean deep;
  private int untilDeep;
  private int unsettled;
  private boolean struck;

  /** How many workers there may be by the last look: those there were, or the largest maximum since. */
  private int mostAllowed;

  /** How many threads had come to nothing when the minimum was last seen kept. */
  private int failuresKnown;

  // ------------------------------------------------------------------ what is driven

  abstract Team team();

  /** Returns how many tasks are being run by the tests' count, or -1 if the harness cannot know. */
  abstract int running();

  /** Checks what this harness counts beside the team. */
  abstract void checkBooks(PoolStatistics statistics);

  final TeamView view() {
    return new TeamView(team());
  }

  final HandFactory factory() {
    return factory;
  }

  // ------------------------------------------------------------------ seams

  @Override
  public final void start(Worker worker, Thread thread) {
    factory.start(() -> {
      made.add(worker);
      toBegin.add(worker);
    });
  }

  @Override
  public final void park(Worker worker) {
    check(stepping.contains(worker), "only a worker that is stepped can park");
  }

  @Override
  public final void pause(Worker worker, long nanos) {
    check(stepping.contains(worker), "only a worker that is stepped can pause");
  }

  @Override
  public final long lingerNanos() {
    return linger;
  }

  /** Has workers that find no task look on for so long from now on. */
  final void linger(long nanos) {
    linger = nanos;
  }

  @Override
  public final void unpark(Worker worker) {
    check(worker.isWoken(), "a worker is unparked once it was woken");
    unparked.add((HandThread) requireNonNull(worker.thread()));
  }

  @Override
  public final void startErrands(Errands errands, Thread thread) {
    check(thread.isDaemon(), "errands keep no machine from ending");
    if (errandThreadFails) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    this.errands.add(errands);
  }

  @Override
  public final long nanoTime() {
    return timer.nanoTime();
  }

  @Override
  public final Alarm schedule(long nanos, Runnable action) {
    return timer.schedule(nanos, action);
  }

  @Override
  public final void checkHeadroom() {
    if (deep || --untilDeep == 0) {
      throw new StackOverflowError("as deep as it goes");
    }
    Seams.super.checkHeadroom();
  }

  @Override
  public final void checkMuchHeadroom() {
    if (deep) {
      throw new StackOverflowError("as deep as it goes");
    }
    Seams.super.checkMuchHeadroom();
  }

  /** Has the stack have no room for a reservation from now on, or have it again. */
  final void deep(boolean deep) {
    this.deep = deep;
  }

  /** Has the stack have no room for a reservation the given time that it is asked for that, just once. */
  final void deepOnceAt(int time) {
    untilDeep = time;
  }

  final ManualTimer timer() {
    return timer;
  }

  /** Moves the clock on, and does what is due, but no errand. */
  final void pass(long nanos) {
    act(() -> timer.pass(nanos));
  }

  /** Has the machine make no thread for errands from now on, or make them again. */
  final void errandThreadFails(boolean fails) {
    errandThreadFails = fails;
  }

  /** Returns whether a thread was made for errands that has not run yet. */
  final boolean hasErrands() {
    return !errands.isEmpty();
  }

  /** Lets the thread run that was made for errands, until it ends. */
  final void runErrands() {
    check(errands.size() == 1, "one thread at most does errands");
    act(errands.remove());
  }

  // ------------------------------------------------------------------ workers

  /** Returns all workers whose thread was started, in that order. */
  final List<Worker> made() {
    return made;
  }

  /** Returns the workers whose thread was started, lives and has not begun its body. */
  final List<Worker> toBegin() {
    return reserved().stream()
        .filter(worker -> requireNonNull(worker.thread()).getState() != Thread.State.TERMINATED)
        .toList();
  }

  /** Returns the workers whose thread has not begun its body, be it dead or alive. */
  private List<Worker> reserved() {
    toBegin.removeIf(worker -> worker.slot().holder.get() != worker);
    return List.copyOf(toBegin);
  }

  /** Returns the workers that have begun and not left, oldest first. */
  final List<Worker> alive() {
    return List.copyOf(alive);
  }

  /** Returns the workers that have left, in that order. */
  final List<Worker> left() {
    return List.copyOf(left);
  }

  /** Returns the worker whose task runs just now. */
  final Worker current() {
    return requireNonNull(stepping.peek(), "a worker at a task");
  }

  /** Returns the threads that were unparked, in that order. */
  final List<HandThread> unparked() {
    return unparked;
  }

  /** Returns whether the worker can be stepped: it is awake and not at a task. */
  final boolean isReady(Worker worker) {
    return alive.contains(worker)
        && !stepping.contains(worker)
        && (!worker.isParked() || worker.isWoken());
  }

  final List<Worker> ready() {
    return alive.stream().filter(this::isReady).toList();
  }

  /** Lets the worker's thread begin its body; nothing of the body is run. */
  final void begin(Worker worker) {
    if (!toBegin().contains(worker)) {
      throw new IllegalStateException(worker + " has no thread that waits to begin");
    }
    toBegin.remove(worker);
    act(() -> {
      if (!worker.begin()) {
        throw new IllegalStateException(worker + " was begun before");
      }
      alive.add(worker);
      team().begun(worker);
    });
  }

  /** Does one step with the worker; returns false if that was its last. */
  final boolean step(Worker worker) {
    if (left.contains(worker)) {
      throw new IllegalStateException(worker + " has left");
    }
    if (!alive.contains(worker)) {
      throw new IllegalStateException(worker + " has not begun");
    }
    if (stepping.contains(worker)) {
      throw new IllegalStateException(worker + " is at a task");
    }
    if (!isReady(worker)) {
      throw new IllegalStateException(worker + " is parked, and nobody has woken it");
    }
    return stepAnyway(worker);
  }

  /** Lets a parked worker look around although nobody has woken it, as a thread may at any time. */
  final boolean stepAnyway(Worker worker) {
    boolean stays;
    stepping.push(worker);
    try {
      stays = team().step(worker);
    } finally {
      stepping.pop();
    }
    if (!stays) {
      alive.remove(worker);
      left.add(worker);
    }
    checkAll();
    afterSteps.forEach(Runnable::run);
    return stays;
  }

  /** Does this after every step from now on. */
  final void afterEachStep(Runnable action) {
    afterSteps.add(action);
  }

  /** Lets the thread that waits longest to begin do so, or else the oldest ready worker do a step. */
  final boolean stepAny() {
    for (Worker worker : toBegin()) {
      begin(worker);
      return true;
    }
    List<Worker> ready = ready();
    if (ready.isEmpty()) {
      return false;
    }
    ready.stream()
        .filter(worker -> !worker.isLingering())
        .findFirst()
        .ifPresentOrElse(this::step, () -> endLinger(ready));
    return true;
  }

  /** Lets the time of those go by that do nothing but linger. */
  private void endLinger(List<Worker> lingering) {
    pass(linger);
    lingering.stream().filter(this::isReady).forEach(this::step);
  }

  /** Lets everybody go on until all are parked, at a task or gone. */
  final void runAll() {
    for (int steps = 0; stepAny(); steps++) {
      check(steps < ENOUGH, "the team does not come to rest");
    }
  }

  /** Lets all threads that were started begin, and does not step them. */
  final void beginAll() {
    toBegin().forEach(this::begin);
  }

  // ------------------------------------------------------------------ calls

  /** Calls the team, from outside or from inside a task, and checks everything afterwards. */
  final <T> T act(Supplier<T> call) {
    T result;
    try {
      result = call.get();
    } catch (RuntimeException thrown) {
      checkAll();
      throw thrown;
    }
    checkAll();
    return result;
  }

  final void act(Runnable call) {
    act(() -> {
      call.run();
      return true;
    });
  }

  /** Does this in the middle of the team's own code, where nothing is settled. */
  final void unsettled(Runnable action) {
    // A loan or a renewal may have raised it, and what is done here may lower it.
    allow(view().sizes().most);
    unsettled++;
    try {
      action.run();
    } finally {
      unsettled--;
    }
  }

  /** Says whether an Error has cut a look short, so that for once a task may wait beside the idle. */
  final void struck(boolean struck) {
    this.struck = struck;
  }

  // ------------------------------------------------------------------ checks

  final void checkAll() {
    long word = view().word();
    allow(view().sizes().most);
    checkRanges(word);
    if (unsettled > 0) {
      return;
    }
    if (!struck) {
      checkInvariant(word);
    }
    if (factory.inside() == 0) {
      checkGrowth(word);
      checkWorkers(word);
      checkSizes(word);
      checkStatistics(word);
    }
  }

  /** Notes that there may be so many workers, from now until the next look. */
  final void allow(int max) {
    mostAllowed = Math.max(mostAllowed, max);
  }

  private void checkGrowth(long word) {
    check(total(word) <= mostAllowed, "no worker is made above the maximum");
    mostAllowed = Math.max(total(word), view().sizes().most);
  }

  private void checkRanges(long word) {
    check(idle(word) <= live(word), "no more idle than live");
    check(total(word) <= PoolSizes.LIMIT, "no more workers than a word can count");
    check(phase(word) <= ENDED, "the phase is one of the phases");
    check(phase(word) != NEW || total(word) == 0, "a new team has no workers");
    check(phase(word) != ENDED || total(word) == 0, "an ended team has no workers");
  }

  /** Decision 1, and that nobody idles beside a waiting task unless one is on its way to it. */
  private void checkInvariant(long word) {
    boolean waiting = backlogged() > 0;
    if (phase(word) == RUNNING && waiting) {
      int max = view().sizes().max;
      boolean onItsWay = isWaking(word) || isAnyLooking();
      check(idle(word) == 0 || isWaking(word), "no worker idles while a task waits");
      check(
          onItsWay || making(word) > 0 || total(word) >= max || factory.lastFailed() || isPutOff(),
          "a waiting task has a worker on its way, one in the making, no room for one, or is put off");
      check(total(word) > 0 || max == 0, "no task waits where nobody lives");
    }
    if (phase(word) >= DRAINING && factory.inside() == 0) {
      check(idle(word) == 0 || isWaking(word), "a stop wakes the idle one after the other");
      check(total(word) > 0 || phase(word) == ENDED, "a stopping team without workers has ended");
      check(phase(word) != ENDED || !waiting, "no task waits in an ended team");
    }
  }

  /** Returns whether the growth policy has said no, or has said later and that is yet to come. */
  private boolean isPutOff() {
    GrowthControl control = team().growthControl();
    return control != null
        && (control.isPausing() || hasErrands() || errandThreadFails || saidNo());
  }

  /** Returns whether the last answer of a growth policy was no. */
  boolean saidNo() {
    return false;
  }

  private boolean isAnyLooking() {
    for (Slot slot : team().slots()) {
      if (slot.state() == Slot.LOOKING) {
        return true;
      }
    }
    return false;
  }

  private void checkWorkers(long word) {
    int idle = 0;
    int woken = 0;
    for (Worker worker : alive) {
      if (stepping.contains(worker)) {
        int state = worker.slot().state();
        check(worker.slot().mayHaveTask() || state == Slot.LOOKING, "a worker at a task is busy");
      } else if (worker.isWoken()) {
        woken++;
      } else if (worker.isParked()) {
        idle++;
        check(worker.slot().state() == Slot.IDLE, "a parked worker's slot is idle");
        check(worker.slot().task() == null, "a parked worker holds no task");
      } else {
        check(worker.slot().state() == Slot.LOOKING, "a worker without a task is looking");
        woken += worker.holdsWaking ? 1 : 0; // it lingers, or its step was cut short
      }
    }
    check(live(word) == alive.size(), "live counts those that began and have not left");
    check(making(word) == reserved().size(), "making counts those that have not begun");
    check(idle(word) == idle, "idle counts those that are parked and not woken");
    check(woken == (isWaking(word) ? 1 : 0), "the waking bit stands for the one that was woken");
  }

  private void checkSizes(long word) {
    Sizes sizes = view().sizes();
    check(TeamState.epoch(word) == sizes.epoch, "the sizes that were set are in force");
    if (phase(word) == RUNNING) {
      int dead = reserved().size() - toBegin().size();
      boolean kept = total(word) - dead >= sizes.min;
      check(kept || factory.failures() > failuresKnown, "the minimum is kept");
      if (kept) {
        failuresKnown = factory.failures();
      }
      int surplus = Math.max(0, total(word) - sizes.min);
      int dismissals = view().dismissals();
      check(0 <= dismissals && dismissals <= surplus, "no more are dismissed than may go");
    }
  }

  private void checkStatistics(long word) {
    PoolStatistics numbers = team().statistics();
    check(numbers.workers() == total(word), "workers are those of the word");
    check(numbers.idle() + numbers.busy() == numbers.workers(), "a worker is idle or busy");
    check(numbers.busy() <= stepping.size(), "only a worker that is stepped is busy");
    check(numbers.backlog() == backlogged(), "the books' backlog is the queue's");
    check(numbers.running() <= stepping.size(), "a task that runs has a worker");
    check(
        numbers.accepted()
            == numbers.completed()
                + numbers.failed()
                + numbers.cancelled()
                + numbers.discarded()
                + numbers.backlog()
                + numbers.running(),
        "the books balance");
    int running = running();
    check(running < 0 || numbers.running() == running, "running counts the tasks that run");
    checkBooks(numbers);
  }

  /** Returns how many tasks wait, counted in the queue itself. */
  int backlogged() {
    int count = 0;
    for (Backlog backlog = view().backlog(); backlog.hasMoreThan(count); ) {
      count++;
    }
    return count;
  }

  final void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(
          "Not so: %s [%s; sizes %s; %s; queue %d; to begin %s, alive %s, stepping %s]"
              .formatted(
                  what,
                  view(),
                  view().sizes().target,
                  team().statistics(),
                  backlogged(),
                  toBegin,
                  alive,
                  stepping));
    }
  }
}
