package dev.bobbin.core;

import static dev.bobbin.core.TeamState.DRAINING;
import static dev.bobbin.core.TeamState.ENDED;
import static dev.bobbin.core.TeamState.GIVEN_UP;
import static dev.bobbin.core.TeamState.NEW;
import static dev.bobbin.core.TeamState.ONE_IDLE;
import static dev.bobbin.core.TeamState.ONE_LIVE;
import static dev.bobbin.core.TeamState.ONE_MAKING;
import static dev.bobbin.core.TeamState.RUNNING;
import static dev.bobbin.core.TeamState.STARTING;
import static dev.bobbin.core.TeamState.WAKING;
import static dev.bobbin.core.TeamState.idle;
import static dev.bobbin.core.TeamState.isWaking;
import static dev.bobbin.core.TeamState.live;
import static dev.bobbin.core.TeamState.making;
import static dev.bobbin.core.TeamState.phase;
import static dev.bobbin.core.TeamState.total;
import static java.util.Objects.requireNonNull;

import dev.bobbin.api.PoolSizes;
import dev.bobbin.api.PoolState;
import dev.bobbin.api.PoolStatistics;
import dev.bobbin.api.RejectionReason;
import dev.bobbin.api.TaskRejectedException;
import dev.bobbin.api.ThreadCreationException;
import dev.bobbin.spi.Plugin;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a pool: it owns the backlog and the workers, and decides which worker takes, is
 * woken, made, parked or let go. What a task is and how it is run is the {@link Host}'s affair.
 */
final class Team {
  /*
   * OVERVIEW
   *
   * State. One word (TeamState) holds what must be decided together: the phase, the epoch of the
   * sizes, how many workers live, are in the making and are idle, and whether a woken worker is still
   * looking for work. Every change of it is one CAS that has evaluated all its rules on the very
   * value it replaces; a failed CAS begins again from the rules. Beside it stand the backlog, the
   * stack of idle slots, and in each slot what its worker is doing (LOOKING, TAKING, BUSY, IDLE).
   *
   * Phases.
   *
   *   NEW -> STARTING -> RUNNING    start; STARTING until it has its first thread
   *   STARTING -> NEW               start got not one thread
   *   STARTING, RUNNING -> DRAINING stop
   *   NEW -> GIVEN_UP               stop of a team never started
   *   DRAINING -> GIVEN_UP          the stop's deadline has passed
   *   DRAINING, GIVEN_UP -> ENDED   no worker, none in the making, backlog closed and empty
   *
   * A worker's life: made (a place is reserved in the word, then the factory is called, then the
   * thread started) -> begun (LOOKING) -> any number of: take (TAKING) and run (BUSY), linger or hold back
   * (LOOKING), or publish itself as idle, park and be woken (IDLE) -> left. One step() is one of these.
   *
   * On its way is a worker that was woken or has set the waking bit for itself (the bit stands for it; there
   * is at most one) or whose slot says LOOKING: its thread has begun, or its last task is off the books. The bit is in
   * the word because it is asked at every submission; LOOKING is in the slots because a worker enters
   * and leaves it with every task, and is asked only before a thread is made.
   *
   * THE INVARIANT (decision 1). If a task waits in a running team, then a worker is on its way, or a
   * thread is in the making, or no worker is idle and the team is at its maximum, or a thread could
   * not be made just now (decision 12), or no worker is idle and the growth policy has said no, or has
   * said later and its alarm is set or has become an errand. look() makes it true; the rules below name
   * who must call it.
   *
   * Rules, numbered as in the notes on the engine's races.
   *
   *  1 Submit against park. A submitter appends, then reads the word; a worker counts itself idle in
   *    the word, then looks at the backlog. Both steps are atomic operations with a full fence
   *    between, so one of the two sees the other. A worker that sees a task on that look calls look()
   *    like anybody else and parks unless it is woken: there is no private way back.
   *  2 Being on the way ends by taking, parking, leaving, or by a start that failed, and each of these
   *    is followed by a look at the backlog: after a take, behind the CAS that claims the slot of the
   *    backlog, before which the worker has made itself TAKING; after publishIdle, retire and placeBack,
   *    behind their CAS.
   *  3 So a look is owed by: an append, a park, every take, a raised maximum (a loan is one), a start that
   *    failed, a place given back, a worker that left, a growth policy's "later" that has come. Nothing else can
   *    make the invariant false.
   *  4 A thread in the making. Its place is reserved by a CAS before the factory is called; no lock
   *    is held and nothing but the place, which keeps nobody from waking the idle. Whatever goes
   *    wrong, one CAS gives the place back, and a look follows.
   *    Who has made one for the backlog makes a second at once, if more tasks wait than threads are in the making
   *    even so and nobody has become idle, is on its way or is TAKING by then: who is may be about to claim one
   *    of those that wait, and looks when it has. With one thread in each look they would come one after
   *    the other, each made by the one before when that has taken its task; with many, the task of the worker
   *    that looks would wait for all of them. One that came to nothing does not count. Where a growth policy is
   *    asked, a look makes one.
   *  5 A thread that never runs its body. The body claims itself, on its own thread only; whoever
   *    would make a thread and finds places in the making, and whoever waits for the end, asks
   *    whether their threads have died and gives their places back. A thread that a factory gives
   *    for two workers would never die as the second's while the first lives: each maker enters the
   *    thread, then looks whether another has it, so of two at once one at least gives its place back.
   *  6 Resize against retire. A resize stores the new sizes, then brings their epoch into the word. Who
   *    decides by the sizes reads the word, then the sizes, sees that both have one epoch, and CASes
   *    the word: an old decision cannot meet a new epoch. Whoever finds the word behind brings it up.
   *    The resizer then fills the minimum and looks; a place in the making counts as filled, so whoever
   *    gives one back reads the sizes again, and fills the minimum if they are others. After the return of a resize a worker above the
   *    target takes one task more at most: the one it was about to take, having asked before.
   *  7 Keep-alive against wake. Whoever wakes an idle worker, for a task or to let it go, takes it off
   *    the idle and sets the waking bit in one CAS, and only then takes a slot off the stack: so one at
   *    a time does, until the worker that it woke has cleared the bit, and no idle worker is both woken
   *    and let go. To wake goes to the top; the alarm of the keep-alive goes to the bottom, the one that is
   *    idle for longest. That one is on its way like any other: it takes a task if one waits, and
   *    leaves only if it finds none and, by rule 6 and in the leaving CAS, more live than the minimum.
   *    See KeepAlive.
   *  8 Retire against wake. A worker that holds the waking bit and leaves gives up both in one CAS,
   *    and looks: the one wake-up in flight does not die with it.
   *  9 Submit against stop. The stop closes the backlog first: a later append fails and is refused;
   *    what is in by then is drained or discarded.
   * 10 Giving up against take. Giving up writes the phase, then claims all that is in the backlog.
   *    Whoever claims a task decides: a worker's claim makes it a running task, which is interrupted,
   *    since the worker reads the phase after it has made itself TAKING and the stop reads the slots after the phase.
   * 11 The end happens once: by the one CAS to ENDED, tried by the stop, by each worker that leaves, by
   *    each place given back and by whoever finished discarding. Every reservation re-reads the phase
   *    in its CAS.
   * 12 One CAS on the task (its slot in the backlog, and for a task that can be cancelled its own
   *    state) decides who ends it; the winner does the books.
   *    A task that still runs when a stop has given up and waited is abandoned: its future fails, which
   *    changes nothing here; it is running until it ends.
   * 13 Interrupts. A worker clears its flag before a task begins and when it has ended. A stop that
   *    gives up writes the phase, then interrupts the slots that are TAKING or BUSY; the worker is TAKING, clears,
   *    then reads the phase: so the stop's interrupt reaches the task. A cancel interrupts only between
   *    the beginning and the end of its own task, see PoolFuture.
   * 14 Nobody alive and no thread to be had. A submitter that finds no worker makes one before its
   *    task goes in, so a refusal has nothing to take back. Others that appended meanwhile, trusting
   *    that thread, get a second attempt from the thread that failed; if that fails too, it claims
   *    and discards what waits, until nothing waits or a worker lives.
   * 15 Books. Cells belong to slots and are written by the slot's holder only; ends are read before
   *    takes, takes before admissions. An admission is counted after its append, so a reader may see a
   *    task taken that is not yet counted: it then counts it itself, since what was taken was admitted.
   * 16 Idle, for awaitIdle, is: as many idle as live, none in the making, nothing waiting or held back,
   *    nobody inside foreign code for the team (a submitter that runs its own task is), and the word
   *    unchanged around that look; or ended, once a stop has begun. A task that was accepted before the look is then over: had it waited all along the look
   *    had found it, and to be taken it needs a worker that was woken, ran it, and has counted itself
   *    idle again behind its end. A look that only a changed word has spoilt begins again. Who makes the last of these true looks whether somebody waits, behind
   *    the step that did it: a worker behind counting itself idle, and everybody who tries the end
   *    (rule 11). See IdleWatch.
   * 18 After reserving a place, and before the factory is called, the maker looks once more whether
   *    more tasks wait than threads are in the making; the worker that was finishing may have it.
   * 19 A reservation must not leak. Before it is made the stack is seen to have room, between a CAS and
   *    its counterpart there are few frames, and an Error thrown there undoes the CAS. An Error after
   *    an append takes the task out again and counts it as discarded, or, if it was taken meanwhile,
   *    leaves it accepted. Who ends a task that waits (a cancel, a stop, discardOldest) first sees
   *    that there is room for all that follows from it. A worker that has left stays so, whatever
   *    throws as it looks after what it leaves and tells others.
   * 20 Widths. Every step of the word is checked by an assertion; the idle stack is versioned.
   * 21 Join. ENDED is before the threads are dead. Each worker that leaves a stopping team first enters
   *    its thread among those to join: so by the end all are there that lived when the stop came or
   *    were made since. A stop joins them, never itself.
   *
   * Admission. A bounded team gives a place out before the append, see Room; what has no place is the
   * pool's affair, which may bring the task back to be run by its submitter. Such a task is accepted
   * when it is taken. Its submitter is an insider before it reads the phase, and a stop writes the
   * phase before it looks for insiders: so the task is refused, or the end waits for it.
   *
   * Keys. A task that its key holds back is no waiting task in the sense of the invariant. ended()
   * lets the next one go, called for each accepted task once it is off the books, run or unrun; that
   * is an append, and owes a look. Once a stop has given up, whoever lets one go discards it, and a
   * submitter whose key let its task in too late takes it back, rule 9.
   *
   * Expiry. A worker claims a task that has waited too long in order to give it up; nobody runs it. For
   * what nobody takes there are alarms, see Expiry. The worker is BUSY while it gives a task up, since
   * that is foreign code, but has no task that runs; an errand is an insider before it claims.
   *
   * Growth policy. It is asked when by all other rules a thread is to be made for the backlog, before
   * the place is reserved, and once in a look: a yes holds until that look has made one thread, a no
   * to its end, and after either the rules are evaluated again. It is not asked for the minimum, for
   * startAWorker, for a lent worker, in a drain, nor where nobody lives, or all who live are blocked and
   * have others lent for them: a refusal would strand the task (rule 14). Its
   * "later" is an alarm, see GrowthControl; whoever looks while that is set neither asks nor grows. A
   * worker that is about to wait for a task of the team itself looks first: if the answer is no, then the
   * team is as saturated as at its maximum, see callerIfSaturated.
   *
   * The timer. Its thread calls nothing foreign: what is due goes to the errands' thread, see Errands,
   * which is an insider of the team while it works, and is interrupted by a stop that gives up as the
   * workers are.
   *
   * Dismissals (stopAWorker) are a count apart: a worker that has found no task takes one off and
   * leaves, if that keeps the minimum. A resize and a startAWorker forget them; so does a worker that
   * goes for another reason and leaves nobody above the minimum.
   *
   * Exactness. A change of the sizes is in force when the word bears their epoch, no worker is above
   * what they allow and none below their minimum is missing; so it stays until the next change. It is
   * then settled. Each Sizes knows its envelope: the least minimum and the largest maximum of itself and
   * of those before it back to the last that was settled when it was replaced, that one included. While
   * the team runs every step of the word keeps to it, asserted in change() against the sizes that were
   * the last before the CAS. For let e be the epoch of the word at the CAS, and S its sizes. The epoch in
   * the word only grows (the word is read first, then the sizes, then comes the CAS), so nothing after S
   * was settled before this CAS, and S is in the envelope of all that came after it so far, or is the last. By
   * rule 6 a step that adds a worker was decided by S: it stays within S. A worker leaves a running team only
   * while more live than the minimum of S: what remains is not below that. A step that does neither finds what
   * the last such step has left, under S or before it; if before, S was not settled since, or what
   * was above S has gone by then. Only CASes in change() add workers or let them go; what add() does turns
   * one in the making into a live one, or gives its place back.
   *
   * Loans. A worker that announces that it blocks, or waits for the team's own tasks and is compensated,
   * raises the maximum by one until it no longer does: Sizes.lent, each loan and each return a change of the
   * sizes with an epoch of its own, made by CAS, which hands the handle of the last resize on. So rule 6 and
   * the envelope hold for them too. A loan is followed by a look like any raised maximum; after a return
   * the worker that is too many leaves between two tasks, or is woken for it if it is idle: which one it
   * is does not matter. Loans are bounded, one per worker, and refused where the word could not count the
   * worker or the team is stopping; a resize to more than it can count is cut while workers are lent. What an
   * Error keeps from being given back is given back when the worker's task is over. An epoch has 15
   * bits: a thread that sleeps between its reading of the word and its CAS while exactly 32768 changes, or
   * a multiple, pass and leave all else in the word as it was decides by old sizes; that makes one worker
   * too many, who leaves between two tasks (leaveIfSurplus), or one too few, whom the leaver itself replaces (fillMinimum).
   *
   * Renewal. While a worker is replaced by a new one, one more may be than the maximum: Sizes.renewing, a
   * change of the sizes as a loan is; but only the newcomer is made beyond the maximum. It is one at a time,
   * see Renewals. The one that goes leaves between two tasks once the other has begun, by a CAS that
   * keeps the minimum. If it is idle, who wakes takes it out of the middle of the stack, rule 7.
   *
   * The bit of one that was not woken. A worker that finds nothing lingers, see Linger: it sets the waking
   * bit, by a CAS on a running team in which nobody has it, and looks once a step until it takes, leaves or
   * publishes itself as idle, which clears the bit as it does for one that was woken, and owes the same look.
   * So whoever counts on it, as on one that was woken, is served (rules 1, 2, 8). Nobody is taken off the idle for
   * it, and it takes nobody off the stack: rule 7 holds. Where another holds back and has the bit, one may
   * linger without it: it is LOOKING.
   *
   * Flow. A woken worker that finds tasks being taken faster than it could help with pauses, and keeps
   * the waking bit meanwhile; so does one at work that is in the way of others, and sets the bit for that as
   * one that lingers does. It is on its way, see Flow. Whoever counts itself idle, or leaves, ends that pause.
   * One at work may also go idle while tasks wait, if another has the bit: that is a park like any other, rule 1.
   *
   * Foreign code (factory, policy, tasks, callbacks) is called with no lock held. A thread that is
   * inside the factory, the growth policy, a discarded task's callback, the dependents of an abandoned future or an errand is an
   * insider: a stop called from there must not wait.
   *
   * Listeners are told by the host, and are foreign code: of a phase or of sizes when all that follows
   * from the change is done, of a worker that went when it has looked after what it leaves, as an
   * insider, since two that each stopped the team there would join one another. A worker that comes is
   * told of while its place is in the making: it keeps nobody from being woken or made meanwhile, as a
   * factory that takes its time does not, while a worker that is LOOKING would.
   */

  /** What a team needs of the pool on top of it. Called on any thread; must be safe for many. */
  interface Host {
    /** Runs a task that the worker of this slot has taken and begun, and ends it in its slot. Never throws. */
    void run(Runnable task, Slot slot);

    /** Returns what to throw to a submitter whose task is not taken on. */
    TaskRejectedException refusal(
        RejectionReason reason, PoolStatistics statistics, @Nullable Throwable cause);

    /** Tells whoever waits for the task that it was given up. Never throws. */
    void discard(Runnable task, RejectionReason reason, @Nullable Throwable cause);

    /** Tells whoever waits for a task that still runs that a stop gave it up. Never throws. */
    default void abandon(Runnable task) {}

    /** A stop has begun; may be told more than once. Never throws. */
    default void stopBegun() {}

    /** The team has ended; told once. Never throws. */
    default void ended() {}

    /** The phase has changed, and what follows from that is done. Never throws. */
    default void stateChanged() {}

    /** Returns whether somebody is to be told of workers that went. Always the same. */
    default boolean isListened() {
      return false;
    }

    /** A worker comes. Called on its thread, while its place is in the making. Never throws. */
    default void threadBegins() {}

    /** A worker has left. Called on its thread, last of all. Never throws. */
    default void threadEnds() {}

    /** A worker went. Called on its thread, which is an insider. Never throws. */
    default void workerWent() {}

    /** Sizes were set in the place of others. Never throws. */
    default void resized(Sizes before, Sizes after) {}

    /** Returns a new thread, not started, for the body of this worker. May throw anything. */
    @Nullable
    Thread newThread(Worker worker);

    /** Returns what to tell of a thread that could not be made or started. Never throws. */
    ThreadCreationException threadFailure(Worker worker, String what, @Nullable Throwable thrown);

    /** Reports a thread that could not be made and that nobody else is told of. Never throws. */
    void reportThread(ThreadCreationException failure);

    /** Returns what decides when the team grows, or null if it grows at once. Called once, by its constructor. */
    default @Nullable PoolGrowth growth() {
      return null;
    }

    /** Reports what a plugin did wrong. Never throws. */
    default void reportPlugin(Plugin plugin, String what, @Nullable Throwable thrown) {}

    /** Reports something thrown by the team's own code. Never throws. */
    void reportDefect(Throwable thrown);

    /** Returns a new daemon thread, not started, for {@link Errands}. Calls no foreign code. */
    default Thread errandThread(Runnable body, String threadName) {
      var thread = new Thread(null, body, threadName, 0, false);
      thread.setDaemon(true);
      thread.setPriority(Thread.NORM_PRIORITY);
      return thread;
    }
  }

  private static final AtomicLongFieldUpdater<Team> WORD =
      AtomicLongFieldUpdater.newUpdater(Team.class, "word");
  private static final VarHandle SIZES = field("sizes", Sizes.class);

  private static final boolean ASSERTS = Team.class.desiredAssertionStatus();

  private static final long STILLBORN_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How often a sweep gives way to threads that move a task which a key held back. */
  private static final int TRIES_FOR_HELD = 100;

  private final String name;
  private final Host host;
  private final Seams seams;
  private final TaskClock clock;
  private final Backlog backlog;
  private final Slots slots = new Slots();

  /** The state word, see {@link TeamState}. Changed by CAS only. */
  private volatile long word;

  /** The sizes last set. In force once the word bears their epoch. */
  private volatile Sizes sizes;

  /** How many workers were told to go as soon as they find no task. */
  private final AtomicInteger dismissals = new AtomicInteger();

  /** The number of the next thread. */
  private final AtomicLong threadNumbers = new AtomicLong();

  /* Books that belong to no slot. */
  private final Count accepted = new Count();
  private final Count acceptedInBounds = new Count();
  private final CallerSlot.Books callerBooks = new CallerSlot.Books();
  private final LongAdder cancelledWaiting = new LongAdder();
  private final LongAdder discarded = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /** The bound of the backlog. */
  private final Room room = new Room();

  /** Where submitters run their own tasks just now. */
  private final Set<CallerSlot> callers = ConcurrentHashMap.newKeySet();

  /** Whether a stop has had one more thread made for one that ended without running its body. */
  private volatile boolean attemptedForStillborn;

  /** Threads that call foreign code for the team just now, other than tasks. */
  private final Insiders insiders = new Insiders();

  /** Threads that are discarding what waits. */
  private final Insiders discarders = new Insiders();

  /** Whether all that waited was given up, so that nobody else sees to what comes late. Set once. */
  private volatile boolean swept;

  /** Threads to join, from the stop on. Weakly, since nobody may ever join them. */
  private final Queue<WeakReference<Thread>> leaving = new ConcurrentLinkedQueue<>();

  /** What a stop gave up unrun, until whoever waits for the end has been told. */
  private final Queue<Runnable> givenUp = new ConcurrentLinkedQueue<>();

  /** How many threads wait for the end and want to know what was given up. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final CountDownLatch ended = new CountDownLatch(1);

  /** Counted down when the host has been told of the end, which reports failures. */
  private final CountDownLatch endTold = new CountDownLatch(1);

  /** The thread that tells the host of the end, while it does. */
  private volatile @Nullable Thread ender;

  /** Whether one worker more would help, or one fewer. */
  private final Flow flow;

  /** Whether a worker looks on before it parks. */
  private final Linger linger;

  /** Those that wait for the team to be idle. */
  private final IdleWatch idleWatch = new IdleWatch(this);

  /** What is done for the timer. */
  private final Errands errands;

  private final Expiry expiry;

  /** How long idle workers stay. */
  private final KeepAlive keepAlive;
  /** How many workers may be lent at once. */
  private final int maxLent;

  /** What has workers replaced by new ones, or null if nothing has. */
  private final @Nullable Renewals renewals;
  /** Whom to ask before the team grows; null if it grows at once. */
  private final @Nullable GrowthControl growth;

  Team(
      String name,
      PoolSizes sizes,
      int backlogLimit,
      Host host,
      TaskClock clock,
      Seams seams,
      Backlog backlog,
      KeepAlive.Rule staying,
      ExtraWorkers extras) {
    this.name = name;
    this.sizes = new Sizes(sizes, backlogLimit, 0);
    this.host = host;
    this.clock = clock;
    this.seams = seams;
    this.backlog = backlog;
    this.flow = new Flow(this, seams);
    this.linger = new Linger(seams);
    this.errands = new Errands(this, name, seams);
    this.expiry = new Expiry(this, backlog, clock, errands);
    this.keepAlive = new KeepAlive(this, staying, seams, errands);
    this.maxLent = extras.maxLent();
    this.renewals = extras.renews() ? new Renewals(this, extras, errands, seams) : null;
    PoolGrowth given = host.growth();
    this.growth =
        given == null ? null : new GrowthControl(this, given, host, backlog, clock, errands);
  }

  private static VarHandle field(String name, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(Team.class, name, type);
    } catch (ReflectiveOperationException missing) {
      throw new ExceptionInInitializerError(missing);
    }
  }

  String name() {
    return name;
  }

  // ------------------------------------------------------------------ submission

  /**
   * Takes a task on.
   *
   * @return false if the backlog has no room for it; nothing is changed then
   * @throws TaskRejectedException if the team is stopping, or has no worker and gets no thread
   */
  boolean submit(Runnable task) {
    long now = word;
    if (phase(now) >= DRAINING) {
      throw refusal(RejectionReason.STOPPING, null);
    }
    if (phase(now) == RUNNING && total(now) == 0) {
      ThreadCreationException failure = makeFirst();
      if (failure != null) {
        throw refusal(RejectionReason.NO_THREAD, failure);
      }
    }
    Ticket ticket = Backlog.ticketOf(task);
    Ticket expiring = ticket != null && ticket.expires() ? ticket : null;
    if (ticket != null || (!isWaking(now) && (idle(now) > 0 || total(now) < sizes.max))) {
      seams.checkHeadroom(); // for the look: nothing must fail once the task is in, rule 19
    } else {
      Headroom.checkLittle(); // the look may find more to do than there is now
    }
    Sizes wanted = sizes;
    boolean bounded = wanted.isBounded();
    if (bounded && !enterRoom(wanted)) {
      return false;
    }
    Count admissions = bounded ? acceptedInBounds : accepted;
    if (expiring != null) {
      expiry.begin(expiring);
    }
    if (!append(task, bounded) || takeBackLate(task, bounded)) {
      throw refusal(RejectionReason.STOPPING, null);
    }
    boolean counted = false;
    try {
      admissions.increment();
      counted = true;
      if (expiring != null) {
        expiry.arm((PoolTask) task, expiring);
      }
      look();
    } catch (Throwable thrown) { // the stack or the heap is exhausted, rule 19
      boolean takenBack = backlog.remove(task);
      if (!counted && !takenBack) {
        admissions.increment();
      }
      if (takenBack) {
        endWait(task);
        if (counted) {
          discarded.increment(); // no counter runs backwards
        } else if (bounded) {
          room.leave();
        }
        ended(task);
        tryEndAnyway();
        throw thrown;
      }
    }
    return true;
  }

  /** Appends the task, and gives its place back if that fails. */
  private boolean append(Runnable task, boolean bounded) {
    boolean appended = false;
    try {
      appended = backlog.append(task);
      return appended;
    } finally {
      if (!appended) { // refused, or its key has thrown
        if (bounded) {
          room.leave();
        }
        tryEnd(); // a task with a key counts as held until now, and may have kept the end back
      }
    }
  }

  /**
   * Takes a task back that its key let in after a stop had given all up, unless somebody has claimed it
   * meanwhile; returns whether it did.
   */
  private boolean takeBackLate(Runnable task, boolean bounded) {
    PoolTask own = PoolTask.of(task);
    boolean mayBeLate = own != null && own.hasKey() && phase(word) == GIVEN_UP;
    if (!mayBeLate || !claimToDiscard(task)) {
      return false;
    }
    backlog.remove(
        task); // there may be no taker left, and nothing on a future says that it is gone
    if (bounded) {
      room.leave();
    }
    ended(task);
    tryEnd();
    return true;
  }

  // ------------------------------------------------------------------ the bound

  private boolean enterRoom(Sizes wanted) {
    return room.enter(wanted, () -> mostPlaces(wanted));
  }

  /** Returns how many places may have been given out by now, see Room. */
  private long mostPlaces(Sizes wanted) {
    long free = phase(word) >= STARTING ? wanted.max : 0;
    return free + wanted.limit + endedOfAll() - accepted.sum();
  }

  /** Returns how many tasks have left the pool that had a place in the backlog. */
  private long endedOfAll() {
    long left = cancelledWaiting.sum() + discarded.sum();
    for (Slot slot : slots.all()) {
      left += slot.completed() + slot.failed() + slot.cancelled();
    }
    return left;
  }

  /**
   * Waits until there may be room for one more task, or the team is stopping.
   *
   * @return false if the time was up before
   */
  boolean awaitRoom(long nanos) throws InterruptedException {
    return room.await(nanos, () -> {
      Sizes wanted = sizes;
      return isStopping() || !wanted.isBounded() || room.entered() < mostPlaces(wanted);
    });
  }

  /**
   * Sees to what the end of a task makes possible, be it run or not: the next task of its key, and a
   * submitter that waits for room. Called once for each accepted task, behind its books.
   */
  void ended(Runnable task) {
    if (sizes.isBounded()) {
      VarHandle
          .fullFence(); // between the books, which are written with release, and those who wait
      room.freed();
    }
    if (backlog.release(task)) {
      look();
      discardLate();
    }
  }

  /**
   * Gives up the task that has waited longest among those of the lowest level, if that is not above
   * {@code level}; false if there is none.
   *
   * @throws TaskRejectedException if the team is stopping
   */
  boolean discardOldest(int level) {
    seams.checkMuchHeadroom();
    boolean entered = insiders.enter();
    try {
      if (phase(word) >= DRAINING) {
        throw refusal(RejectionReason.STOPPING, null); // what waits is the stop's
      }
      for (Runnable task = backlog.pollOldest(level);
          task != null;
          task = backlog.pollOldest(level)) {
        if (claimToDiscard(task)) {
          discarded.increment();
          ended(task); // before foreign code, which may wait for the next of the key
          host.discard(task, RejectionReason.BACKLOG_FULL, null);
          return true;
        }
      }
      return false;
    } finally {
      if (entered) {
        insiders.leave();
        tryEnd();
      }
    }
  }

  /**
   * Runs a task on the calling thread, which brings it, as one of the team's: it is accepted and
   * running, and the team does not end before it has.
   *
   * @return false if another task of its key is under way
   * @throws TaskRejectedException if the team is stopping
   */
  boolean runInCaller(Runnable task) {
    seams.checkMuchHeadroom();
    boolean entered =
        insiders.enter(); // before the phase is read: a stop reads them the other way round
    try {
      if (phase(word) >= DRAINING) {
        throw refusal(RejectionReason.STOPPING, null);
      }
      if (!backlog.enterAlone(task)) {
        return false;
      }
      var slot = new CallerSlot(callerBooks);
      PoolTask own = PoolTask.of(task);
      boolean timed = own != null && own.submittedAt() != TaskClock.UNTIMED;
      if (claim(task)) {
        callers.add(slot);
        try {
          slot.begin(task, timed ? clock.now() : TaskClock.UNTIMED);
          host.run(task, slot);
        } finally {
          callers.remove(slot);
        }
      } else { // it was cancelled meanwhile, and that is counted
        accepted.increment();
        ended(task);
      }
      return true;
    } finally {
      if (entered) {
        insiders.leave();
        tryEnd();
      }
    }
  }

  /**
   * Counts a refusal and returns what to throw, whose numbers include it. Counted once the exception is
   * made: if that fails for want of stack or heap, the caller gets that Error and nothing is counted.
   */
  TaskRejectedException refusal(RejectionReason reason, @Nullable Throwable cause) {
    TaskRejectedException refusal = host.refusal(reason, statistics(1), cause);
    refused.increment();
    return refusal;
  }

  /** Makes a worker if there is none and may be one; returns why that failed and nobody else came. */
  private @Nullable ThreadCreationException makeFirst() {
    seams.checkHeadroom();
    for (; ; ) {
      long now = word;
      Sizes wanted = sizes;
      if (phase(now) != RUNNING || total(now) > 0 || wanted.max == 0) {
        return null;
      }
      if (isBehind(now, wanted) || !change(now, now + ONE_MAKING)) {
        continue;
      }
      ThreadCreationException failure = make();
      if (failure == null) {
        return null;
      }
      makeUp(wanted);
      return total(word) > 0 ? null : failure;
    }
  }

  /**
   * Sees to the tasks that wait while nobody lives: one more attempt to make a thread, and if that
   * fails gives them up, rule 14.
   */
  private void rescue() {
    while (backlog.hasWaiting() && !discarders.contains(Thread.currentThread())) {
      long now = word;
      Sizes wanted = sizes;
      boolean mayMake = phase(now) == RUNNING || phase(now) == DRAINING;
      if (!mayMake || total(now) > 0) {
        return;
      }
      if (wanted.max == 0) { // a resize that came meanwhile has left these to this thread
        if (phase(now) == DRAINING) {
          discardAll(RejectionReason.STOPPING, null, null);
        }
        return;
      }
      if (isBehind(now, wanted) || !change(now, now + ONE_MAKING)) {
        continue;
      }
      ThreadCreationException failure = make();
      if (failure == null) {
        return;
      }
      if (total(word) == 0) {
        discardAll(RejectionReason.NO_THREAD, failure, null);
      }
    }
  }

  // ------------------------------------------------------------------ looking after the invariant

  /** What an attempt to make one more thread for the backlog came to. */
  private enum Growth {
    MADE,
    TRY_AGAIN,

    /** The growth policy is to be asked first. */
    ASK,
    NONE
  }

  /** What the growth policy has said to one look. */
  private enum Consent {
    UNASKED,
    GIVEN,
    REFUSED
  }

  /**
   * Wakes an idle worker or makes a thread, if a task waits for either; wakes an idle worker that is
   * to leave. Does nothing while a woken worker is still looking, since that one will look in turn.
   */
  private void look() {
    look(Consent.UNASKED);
  }

  private void look(Consent before) {
    for (Consent consent = before; ; ) {
      long now = word;
      if (phase(now) == NEW || phase(now) == ENDED || isWaking(now) || isFull(now)) {
        return;
      }
      if (idle(now) > 0) {
        if (!owesWake(now)) {
          return;
        }
        seams.checkHeadroom();
        if (change(now, now - ONE_IDLE + WAKING)) {
          wake(false);
          return;
        }
      } else {
        Growth grown = grow(now, consent);
        if (grown == Growth.ASK) {
          consent = ask(now);
        } else if (grown != Growth.TRY_AGAIN) {
          return;
        }
      }
    }
  }

  /** Returns whether the team is running with all workers that it may have, and none is idle or in the making. */
  private boolean isFull(long now) {
    return phase(now) == RUNNING && idle(now) == 0 && making(now) == 0 && live(now) >= sizes.max;
  }

  /** Asks the growth policy, which is foreign code, whether to make one thread more. */
  private Consent ask(long now) {
    GrowthControl asked = requireNonNull(growth, "growth policy");
    seams.checkHeadroom();
    boolean entered = insiders.enter();
    try {
      return asked.mayGrow(total(now), sizes, making(now) + 1) ? Consent.GIVEN : Consent.REFUSED;
    } finally {
      if (entered) {
        insiders.leave();
        tryEnd();
      }
    }
  }

  private boolean isGrowthPausing() {
    return growth != null && growth.isPausing();
  }

  /** Has the growth policy asked about what waits; returns whether a task waits still and it will not be asked again. */
  private boolean isGrowthRefused() {
    look();
    return backlog.hasWaiting() && !isGrowthPausing();
  }

  /** Looks on behalf of a growth policy whose "later" has come. Called by an errand. */
  void lookForGrowth() {
    look();
  }

  @Nullable
  GrowthControl growthControl() {
    return growth;
  }

  private boolean owesWake(long now) {
    Sizes wanted = sizes;
    return phase(now) >= DRAINING
        || backlog.hasWaiting()
        || live(now) > wanted.most
        || (dismissals.get() > 0 && live(now) > wanted.min)
        || (renewals != null && renewals.idleGoer() != null);
  }

  /**
   * Wakes the worker that went idle last, or lets the one go that did so first. The caller has taken it
   * off the idle and set the bit, rule 7.
   */
  private void wake(boolean toLeave) {
    assert isWaking(word) : "rule 7";
    Slot slot = null;
    try {
      slot = requireNonNull(toLeave ? slots.popOldest() : popToWake());
      Worker worker = requireNonNull(slot.holder.get());
      flow.begin();
      if (toLeave) {
        worker.setWokenToLeave();
      } else {
        worker.setWoken();
      }
      seams.unpark(worker);
    } catch (Throwable thrown) { // the stack is exhausted, rule 19
      if (slot == null) {
        add(ONE_IDLE - WAKING);
      } else {
        Worker worker = slot.holder.get();
        if (worker != null) {
          worker.setWoken();
          seams.unpark(worker);
        }
      }
      throw thrown;
    }
  }

  /** Takes the worker off the stack that is to go since another has come in its place, or the newest. */
  private @Nullable Slot popToWake() {
    Worker goer = renewals == null ? null : renewals.idleGoer();
    return goer != null && slots.takeOut(goer.slot()) ? goer.slot() : slots.pop();
  }

  /** Makes a thread if by {@code now} the backlog needs one. Nobody is idle and nobody was woken. */
  private Growth grow(long now, Consent consent) {
    boolean draining = phase(now) == DRAINING;
    if (phase(now) != RUNNING && !(draining && total(now) == 0)) {
      return Growth.NONE;
    }
    Sizes wanted = sizes;
    if (isBehind(now, wanted)) {
      return Growth.TRY_AGAIN;
    }
    if (draining && wanted.max == 0 && backlog.hasWaiting()) {
      discardAll(RejectionReason.STOPPING, null, null);
      return Growth.NONE;
    }
    boolean asks = growth != null
        && consent != Consent.GIVEN
        && !draining
        && total(now) - wanted.lent >= Math.max(1, wanted.min);
    if (total(now) >= wanted.max
        || (asks && (consent == Consent.REFUSED || isGrowthPausing()))
        || !backlog.hasMoreThan(making(now))
        || slots.anyLooking()) {
      return making(now) > 0 && buryStillborn() != null ? Growth.TRY_AGAIN : Growth.NONE;
    }
    if (asks) {
      return Growth.ASK;
    }
    seams.checkHeadroom();
    if (!change(now, now + ONE_MAKING)) {
      return Growth.TRY_AGAIN;
    }
    Growth grown = makeIfStillNeeded(now, wanted);
    return grown == Growth.MADE ? makeAnother() : grown;
  }

  /** Makes a second thread for the backlog if one is needed even so, rule 4; returns MADE if not. */
  private Growth makeAnother() {
    long now = word;
    Sizes wanted = sizes;
    boolean needed = growth == null
        && phase(now) == RUNNING
        && !isWaking(now)
        && idle(now) == 0
        && total(now) < wanted.max
        && TeamState.epoch(now) == wanted.epoch
        && backlog.hasMoreThan(making(now))
        && !slots.anyLookingOrTaking();
    return needed && change(now, now + ONE_MAKING) ? makeIfStillNeeded(now, wanted) : Growth.MADE;
  }

  /** Makes a thread for a place that was reserved in {@code now}, unless no task waits for it any more. */
  private Growth makeIfStillNeeded(long now, Sizes wanted) {
    boolean stillNeeded = false;
    try {
      stillNeeded = backlog.hasMoreThan(making(now)); // rule 18
    } finally {
      if (!stillNeeded) {
        placeBack();
      }
    }
    if (!stillNeeded) {
      fillMinimumUnlessStill(wanted);
      return Growth.TRY_AGAIN;
    }
    ThreadCreationException failure = make();
    if (failure == null) {
      return Growth.MADE;
    }
    makeUp(wanted);
    wakeIfIdle();
    host.reportThread(failure); // last, since a reporter may block, or stop the team
    return Growth.NONE;
  }

  /** Looks without growing, after a thread could not be made: somebody may have gone idle meanwhile. */
  private void wakeIfIdle() {
    for (long now = word; idle(now) > 0 && !isWaking(now) && owesWake(now); now = word) {
      if (change(now, now - ONE_IDLE + WAKING)) {
        wake(false);
        return;
      }
    }
  }

  /** Returns whether a worker is idle and more live than the minimum. */
  boolean hasIdleSurplus() {
    return hasIdleSurplus(word);
  }

  private boolean hasIdleSurplus(long now) {
    return phase(now) == RUNNING && idle(now) > 0 && live(now) > sizes.min;
  }

  /**
   * Wakes the worker that is idle for longest, to leave if it finds no task, rule 7. Called on the timer's
   * thread.
   *
   * @return false if another worker is being woken, or there is no such one
   */
  boolean wakeToLeave() {
    seams.checkHeadroom();
    for (long now = word; !isWaking(now) && hasIdleSurplus(now); now = word) {
      if (change(now, now - ONE_IDLE + WAKING)) {
        wake(true);
        return true;
      }
    }
    return false;
  }

  /** Makes as many threads as the backlog needs and the maximum allows, not waiting for any to begin. */
  private void serve() {
    serve(Consent.UNASKED);
  }

  private void serve(Consent forTheFirst) {
    for (Consent consent = forTheFirst; ; ) {
      long now = word;
      Growth grown = phase(now) != RUNNING || isWaking(now) || idle(now) > 0
          ? Growth.NONE
          : grow(now, consent);
      switch (grown) {
        case MADE -> consent = Consent.UNASKED;
        case TRY_AGAIN -> {}
        case ASK -> consent = ask(now);
        case NONE -> {
          look(consent);
          return;
        }
      }
    }
  }

  /**
   * Makes the workers that the minimum lacks; returns the last failure, already reported, if a place was
   * given back, be it that of a thread that has died. A task may have trusted in it.
   */
  private @Nullable ThreadCreationException fillMinimum() {
    ThreadCreationException last = null;
    if (phase(word) == RUNNING && making(word) > 0) {
      last = buryStillborn();
    }
    for (; ; ) {
      long now = word;
      Sizes wanted = sizes;
      if (phase(now) != RUNNING || total(now) >= wanted.min) {
        return last;
      }
      if (isBehind(now, wanted) || !change(now, now + ONE_MAKING)) {
        continue;
      }
      ThreadCreationException failure = make();
      if (failure != null) {
        host.reportThread(failure);
        last = failure;
        if (sizes == wanted) {
          return last;
        }
      }
    }
  }

  /**
   * Makes the workers that the minimum lacks, if the sizes were changed since the caller has reserved a
   * place that it has given back: whoever changed them may have counted on that, rule 6.
   */
  private void fillMinimumUnlessStill(Sizes known) {
    if (sizes != known) {
      fillMinimum();
    }
  }

  /**
   * Sees to all that may have counted on a place that the caller has given back, since its thread could not
   * be made: the tasks that wait, and the minimum, if the sizes were changed meanwhile. Each may come to
   * count on a place that the other gives back.
   */
  private void makeUp(Sizes known) {
    rescue();
    for (Sizes last = known; sizes != last; ) {
      last = sizes;
      fillMinimum();
      rescue();
    }
  }

  // ------------------------------------------------------------------ making threads

  /**
   * Makes and starts a thread for a place that the caller has reserved. If that fails the place is
   * given back, and the caller must look.
   */
  private @Nullable ThreadCreationException make() {
    return make(null);
  }

  private @Nullable ThreadCreationException make(@Nullable Renewal renewal) {
    boolean entered = false;
    Worker worker = null;
    try {
      entered = insiders.enter();
      worker =
          new Worker(this, "PoolThread-" + name + "-" + threadNumbers.getAndIncrement(), slots);
      worker.comesBy(renewal);
      Thread thread = host.newThread(worker);
      if (thread == null) {
        return unmade(worker, "returned null", null);
      }
      if (thread.getState() != Thread.State.NEW) {
        return unmade(worker, "returned a thread that was started before", null);
      }
      worker.madeFor(thread);
      if (hasAnother(worker, thread)) {
        return unmade(worker, "returned a thread that it had returned before", null);
      }
      seams.start(worker, thread);
      return null;
    } catch (Throwable thrown) {
      if (worker == null) {
        placeBack();
        endRenewal(renewal);
        return new ThreadCreationException(
            "Pool '%s': no worker could be made.".formatted(name), thrown);
      }
      // First the place, then the words: in a full heap even a literal may be too much.
      return takeDown(worker) ? failure(worker, "threw", thrown) : null;
    } finally {
      if (entered) {
        insiders.leave();
        tryEnd();
      }
    }
  }

  /** Returns whether the thread was made for another worker too. */
  private boolean hasAnother(Worker worker, Thread thread) {
    for (Slot slot : slots.all()) {
      Worker other = slot.holder.get();
      if (other != null && other != worker && other.thread() == thread) {
        return true;
      }
    }
    return false;
  }

  /** Gives up a worker whose thread came to nothing, unless its body has begun all the same. */
  private @Nullable ThreadCreationException unmade(
      Worker worker, String what, @Nullable Throwable thrown) {
    return takeDown(worker) ? failure(worker, what, thrown) : null;
  }

  /** Gives the place of such a worker back; false if its body has begun. Needs no memory. */
  private boolean takeDown(Worker worker) {
    if (!worker.abandon()) {
      return false;
    }
    worker.slot().holder.set(null);
    placeBack();
    endRenewal(worker.comesBy());
    return true;
  }

  private ThreadCreationException failure(Worker worker, String what, @Nullable Throwable thrown) {
    try {
      String said = thrown == null ? what : what + " " + thrown.getClass().getName();
      return host.threadFailure(worker, said, thrown);
    } catch (Throwable unable) { // the stack or the heap is exhausted: the failure is what counts
      return new ThreadCreationException("No worker could be made.", unable);
    }
  }

  /** Gives a place in the making back. The caller must look. */
  private void placeBack() {
    add(-ONE_MAKING);
    trimDismissals();
    settle();
    tryEnd();
  }

  /**
   * Gives back the places of threads that ended without having begun their body, rule 5.
   *
   * @return the last failure, already reported, or null if there was none
   */
  private @Nullable ThreadCreationException buryStillborn() {
    ThreadCreationException last = null;
    for (Slot slot : slots.all()) {
      Worker worker = slot.holder.get();
      if (worker != null && worker.isStillborn()) {
        ThreadCreationException failure =
            unmade(worker, "made a thread that ended without running its body", null);
        if (failure != null) {
          host.reportThread(failure);
          last = failure;
        }
      }
    }
    return last;
  }

  // ------------------------------------------------------------------ the life of a worker

  /** The body of a worker's thread, once it has been claimed. */
  void work(Worker worker) {
    host.threadBegins(); // before it counts as on its way, since it may take its time
    try {
      begun(worker);
    } catch (Throwable thrown) { // it is counted by now, and must not end without leaving
      host.reportDefect(thrown);
    }
    for (boolean more = true; more; ) {
      try {
        more = step(worker);
      } catch (Throwable thrown) {
        host.reportDefect(thrown);
      }
    }
    host.threadEnds();
  }

  /** Turns the place in the making into a worker that is on its way. */
  void begun(Worker worker) {
    worker.slot().looking();
    add(ONE_LIVE - ONE_MAKING);
    if (renewals != null) {
      renewals.begun(worker); // before all that can fail: nobody else says that it is there
    }
    settle();
    keepAlive.look();
    if (renewals != null) {
      wakeIfIdle(); // the one that is to go now
    }
  }

  /**
   * Does one thing with this worker: run one task, publish it as idle, wait, or let it go.
   *
   * @return false if the worker has left
   */
  boolean step(Worker worker) {
    if (worker.isParked()) {
      if (!worker.isCounted()) {
        countIdle(worker);
      }
      if (!worker.isWoken()) {
        seams.park(worker);
        return true;
      }
      worker.setActive();
      worker.holdsWaking = true;
      worker.slot().looking();
    }
    if (leaveIfSurplus(worker) || leaveIfReplaced(worker)) {
      return false;
    }
    if (holdsBack(worker)) {
      return true;
    }
    Runnable task = take(worker.slot());
    if (task != null) {
      linger.found(worker);
      run(worker, task);
      return true;
    }
    if (leaveIfNotNeeded(worker)) {
      return false;
    }
    if (!lingers(worker)) {
      publishIdle(worker);
    }
    return true;
  }

  /** Has the worker pause, or go idle, if it would only be in the way of others; returns whether it did. */
  private boolean holdsBack(Worker worker) {
    if (worker.isLingering()) {
      return false;
    }
    if (worker.holdsWaking) {
      return flow.holdsBack(worker);
    }
    return worker.slot().isRoundOver() && flow.isCrowded(worker) && stepBack(worker);
  }

  /**
   * Lets others that are at work go on without this worker: it sets the waking bit and holds back, or goes
   * idle where one holds back already and another is at work beside that one.
   */
  private boolean stepBack(Worker worker) {
    long now = word;
    int active = live(now) - idle(now);
    if (phase(now) != RUNNING || active <= 1) {
      return false;
    }
    if (setWakingFor(worker)) {
      flow.stepBack(worker);
      return true;
    }
    if (active > 2 && flow.isHolding()) {
      publishIdle(worker);
      return true;
    }
    return false;
  }

  /** Returns whether the worker, which has found nothing, looks on for a while before it parks. */
  private boolean lingers(Worker worker) {
    if (worker.isLingering()) {
      return linger.goesOn(worker);
    }
    boolean may = !worker.holdsWaking
        && linger.isWorthwhile()
        && (setWakingFor(worker)
            || flow.isHolding()); // who holds back has it, and can be relied on
    if (may) {
      linger.begin(worker);
    }
    return may;
  }

  /** Sets the waking bit for this worker, so that it can be relied on; false if another has it or the team does not run. */
  private boolean setWakingFor(Worker worker) {
    for (long now = word; phase(now) == RUNNING && !isWaking(now); now = word) {
      if (change(now, now + WAKING)) {
        worker.setWaking();
        return true;
      }
    }
    return false;
  }

  private @Nullable Runnable take(Slot slot) {
    while (phase(word) != GIVEN_UP) {
      Runnable task = backlog.poll(slot);
      if (task == null || claimToRunOrExpire(task)) {
        return task;
      }
    }
    slot.looking();
    return null;
  }

  /** Claims the task that was taken: to run it or, if it has waited too long, to give it up. */
  private boolean claimToRunOrExpire(Runnable task) {
    Ticket ticket = Backlog.ticketOf(task);
    if (!expiry.isExpired(ticket)) {
      return claim(task);
    }
    requireNonNull(ticket).setFoundExpired();
    return claimToDiscard(task);
  }

  private static boolean claimToDiscard(Runnable task) {
    PoolTask own = PoolTask.of(task);
    if (own != null) {
      if (!own.claimToDiscard()) {
        return false;
      }
      endWait(own);
    }
    return true;
  }

  private static boolean claim(Runnable task) {
    PoolTask own = PoolTask.of(task);
    if (own != null) {
      if (!own.claim()) {
        return false;
      }
      endWait(own);
    }
    return true;
  }

  private static void endWait(Runnable task) {
    Ticket ticket = Backlog.ticketOf(task);
    if (ticket != null) {
      ticket.endWait();
    }
  }

  private void run(Worker worker, Runnable task) {
    Slot slot = worker.slot();
    Ticket ticket = Backlog.ticketOf(task);
    boolean expired = ticket != null && ticket.isFoundExpired();
    if (expired) {
      slot.beginGivingUp();
    } else {
      PoolTask own = PoolTask.of(task);
      boolean timed = own != null && own.submittedAt() != TaskClock.UNTIMED;
      slot.begin(task, timed ? clock.now() : TaskClock.UNTIMED);
    }
    lookAfterTake(worker);
    Thread.interrupted(); // what hit the worker between tasks was meant for none
    if (phase(word) == GIVEN_UP) { // read after the clearing: a stop's interrupt is not lost
      Throwable thrown = interrupt(worker.thread());
      if (thrown != null) {
        host.reportDefect(thrown);
      }
    }
    if (expired) {
      try {
        endExpired(task);
      } finally {
        slot.endGivingUp();
      }
    } else {
      host.run(task, slot);
    }
    Thread.interrupted(); // what a task leaves set is not for the next one
    try {
      worker.restoreThread();
      if (worker.hasLoan) {
        takeBack(worker); // what an Error has kept from being given back
      }
      if (renewals != null) {
        renewals.afterTask(worker);
      }
    } finally { // a thread of a factory's own class may throw
      slot.looking();
    }
  }

  /** Sends the next worker before this one runs its task, which it does whatever happens here. */
  private void lookAfterTake(Worker worker) {
    try {
      if (worker.holdsWaking) {
        worker.holdsWaking = false;
        add(-WAKING);
        look(); // also for those that are to leave: who told them so relied on this worker
      } else if (worker.slot().mayMoreWait) {
        look();
      }
    } catch (Throwable thrown) { // the stack or the heap is exhausted, rule 19
      host.reportDefect(thrown);
    }
  }

  private void publishIdle(Worker worker) {
    keepAlive.noteIdle(worker.slot()); // before it is parked: what throws here leaves it looking
    worker.setParked();
    slots.push(worker.slot());
    countIdle(worker);
  }

  /** The second half of publishIdle; apart, so that a worker that failed between can make it up. */
  private void countIdle(Worker worker) {
    add(worker.holdsWaking ? ONE_IDLE - WAKING : ONE_IDLE);
    worker.holdsWaking = false;
    worker.setCounted();
    worker.slot().idle();
    flow.join();
    look();
    keepAlive.look();
    idleWatch.look();
  }

  /** Lets the worker go if there are more than the maximum, whatever waits. */
  private boolean leaveIfSurplus(Worker worker) {
    for (; ; ) {
      long now = word;
      Sizes wanted = sizes;
      if (live(now) <= wanted.most || phase(now) >= DRAINING) {
        return false;
      }
      if (!isBehind(now, wanted) && leave(worker, now)) {
        return true;
      }
    }
  }

  /** Lets the worker go if another has come in its place, unless the minimum needs both. */
  private boolean leaveIfReplaced(Worker worker) {
    Renewal renewal = worker.renewal;
    while (renewal != null && renewal.isReady()) {
      long now = word;
      Sizes wanted = sizes;
      if (phase(now) >= DRAINING || live(now) <= wanted.min) {
        endRenewal(renewal);
      } else if (!isBehind(now, wanted) && leave(worker, now)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Lets a worker that found no task go, if the team is stopping, has dismissed somebody, or has woken it
   * to leave.
   */
  private boolean leaveIfNotNeeded(Worker worker) {
    boolean stayedLong = worker.isToLeave() && keepAlive.isDue(worker.slot());
    for (; ; ) {
      long now = word;
      if (phase(now) >= DRAINING) {
        leaveStopping(worker);
        return true;
      }
      int dismissed = dismissals.get();
      Sizes wanted = sizes;
      boolean mayGo = dismissed > 0 || stayedLong;
      if (!mayGo || live(now) <= wanted.min || backlog.hasWaiting()) {
        return false;
      }
      if (isBehind(now, wanted)) {
        continue;
      }
      if (dismissed == 0) {
        keepAlive.noteLeaving();
        if (leave(worker, now)) {
          return true;
        }
      } else if (dismissals.compareAndSet(dismissed, dismissed - 1)) {
        if (leave(worker, now)) {
          return true;
        }
        dismissals.incrementAndGet();
      }
    }
  }

  /** Lets the worker go; whoever finds the team ended finds the thread among those to join, rule 21. */
  private void leaveStopping(Worker worker) {
    Thread thread = worker.thread();
    if (thread != null) {
      leaving.add(new WeakReference<>(thread));
    }
    while (!leave(worker, word)) {}
  }

  /** Takes the worker out of the word, if it is still {@code now}, and then looks after what it leaves. */
  private boolean leave(Worker worker, long now) {
    if (!change(now, now - ONE_LIVE - (worker.holdsWaking ? WAKING : 0))) {
      return false;
    }
    worker.holdsWaking = false;
    Slot slot = worker.slot();
    slot.free();
    slot.holder.set(null);
    try {
      flow.join();
      endRenewal(worker.renewal);
      worker.renewal = null;
      if (worker.hasLoan) {
        takeBack(worker); // what Errors have kept from being given back until now
      }
      trimDismissals();
      look();
      if (fillMinimum() != null) {
        look(); // for a task that has come meanwhile
      }
      settle();
    } catch (
        Throwable thrown) { // the stack or the heap is exhausted; it has left all the same, rule 19
      host.reportDefect(thrown);
    }
    tellThatOneWent();
    return true;
  }

  /** Does what a worker does last of all; whatever that throws, it has left. */
  private void tellThatOneWent() {
    try {
      if (host.isListened()) {
        inside(host::workerWent);
      }
      tryEnd();
    } catch (Throwable thrown) { // the stack or the heap is exhausted, rule 19
      tryEndAnyway();
      host.reportDefect(thrown);
    }
  }

  // ------------------------------------------------------------------ sizes

  PoolSizes sizes() {
    return sizes.target;
  }

  int backlogLimit() {
    return sizes.limit;
  }

  /** Sets the sizes to what {@code function} makes of them, and sees to what follows from it. */
  CompletionStage<PoolSizes> adjust(UnaryOperator<PoolSizes> function) {
    return adjust(function, null);
  }

  /** Does so for the bound of the backlog as well, in one step; null leaves it as it is. */
  CompletionStage<PoolSizes> adjust(UnaryOperator<PoolSizes> function, @Nullable Integer limit) {
    seams.checkMuchHeadroom(); // nothing must fail between the sizes and what follows from them
    Sizes before;
    Sizes after;
    do {
      before = sizes;
      PoolSizes target = requireNonNull(function.apply(before.target), "the new sizes");
      int newLimit = limit == null ? before.limit : limit;
      after = target.equals(before.target) && newLimit == before.limit
          ? before
          : before.resized(target, newLimit);
    } while (!SIZES.compareAndSet(this, before, after));
    room.changed();
    dismissals.set(0);
    bringUp();
    if (after != before) {
      before.complete();
    }
    fillMinimum();
    serve();
    settle();
    keepAlive.look(); // a lowered minimum may let those go that are idle
    if (after != before) {
      host.resized(before, after);
    }
    return after.inForce;
  }

  /** Returns whether the word does not bear the epoch of these sizes, and then tries to bring it there. */
  private boolean isBehind(long now, Sizes wanted) {
    if (TeamState.epoch(now) == wanted.epoch) {
      return false;
    }
    change(now, TeamState.withEpoch(now, wanted.epoch));
    return true;
  }

  /** Brings the word to the epoch of the sizes last set. */
  private void bringUp() {
    while (isBehind(word, sizes)) {}
  }

  /** Completes the handle of the last change, if it is in force. */
  private void settle() {
    Sizes wanted = sizes;
    if (wanted.isSettled()) {
      return;
    }
    long now = word;
    boolean running = phase(now) == RUNNING;
    boolean kept = wanted.areKeptBy(now);
    if (running && kept) {
      wanted.setSettled();
    }
    if (!running || kept) {
      wanted.complete();
    }
  }

  // ------------------------------------------------------------------ lent and renewed workers

  /** Returns the worker that the calling thread is, or null if it is none of this team's. */
  @Nullable
  Worker caller() {
    return slots.workerOf(Thread.currentThread());
  }

  /**
   * Returns the worker that the calling thread is, if no other is free to do what it waits for: all hold
   * a task, or are about to leave, and no more may be made, or the growth policy, asked once more, says
   * no to what waits. Null otherwise, and if another was lent in
   * its place. What changes afterwards is not seen; but who waits last of all sees all others busy.
   */
  @Nullable
  Worker callerIfSaturated() {
    long now = word;
    Sizes wanted = sizes;
    if (phase(now) == RUNNING && total(now) < wanted.max) {
      if (growth == null || caller() == null || !isGrowthRefused()) {
        return null;
      }
      now = word;
      wanted = sizes;
    }
    boolean running = phase(now) == RUNNING;
    Worker own = running || phase(now) == DRAINING ? caller() : null;
    if (own == null || own.hasLoan) {
      return null;
    }
    VarHandle.fullFence(); // of two that wait at once one at least sees the other busy
    int free = total(now) - slots.countBusy();
    int surplus = running ? Math.max(0, total(now) - wanted.most) : 0;
    boolean goes = running && renewals != null && renewals.isGoerFree();
    return free <= surplus + (goes ? 1 : 0) ? own : null;
  }

  /**
   * Has the team use one worker more, in place of the calling one, which is about to block, until {@link
   * #takeBack}. A worker has one loan at most.
   *
   * @return false if no more may be lent; nothing is changed then
   */
  boolean lend(Worker worker) {
    seams.checkMuchHeadroom();
    Sizes before;
    do {
      before = sizes;
      boolean mayLend = before.lent < maxLent && before.hasRoomForOneMore();
      if (!mayLend || worker.hasLoan || phase(word) >= DRAINING) {
        return false;
      }
    } while (!SIZES.compareAndSet(this, before, before.lending(1)));
    worker.hasLoan = true;
    boolean served = false;
    try {
      bringUp();
      room.changed();
      serve(Consent.GIVEN);
      settle();
      served = true;
    } finally {
      if (!served) {
        takeBack(worker);
      }
    }
    return true;
  }

  /** Ends the loan of the calling worker: one worker, this or another, leaves between two tasks. */
  void takeBack(Worker worker) {
    assert worker.hasLoan : worker;
    Sizes before;
    do {
      before = sizes;
    } while (!SIZES.compareAndSet(this, before, before.lending(-1)));
    worker.hasLoan = false;
    endExtra();
  }

  /** Lets one worker more be while one is replaced; false if no more can be counted. */
  boolean beginRenewing() {
    Sizes before;
    do {
      before = sizes;
      if (!before.hasRoomForOneMore()) {
        return false;
      }
    } while (!SIZES.compareAndSet(this, before, before.renewing(true)));
    bringUp();
    settle();
    return true;
  }

  void endRenewing() {
    Sizes before;
    do {
      before = sizes;
    } while (!SIZES.compareAndSet(this, before, before.renewing(false)));
    endExtra();
  }

  /** Sees to what follows when one worker fewer may be. */
  private void endExtra() {
    bringUp();
    settle();
    wakeIfIdle(); // it may be idle that is now too many
  }

  private void endRenewal(@Nullable Renewal renewal) {
    if (renewals != null && renewal != null) {
      renewals.end(renewal);
    }
  }

  /** Makes the worker that comes in place of another. Called by an errand. */
  void makeReplacement(Renewal renewal) {
    for (; ; ) {
      long now = word;
      Sizes wanted = sizes;
      if (phase(now) != RUNNING || wanted.renewing == 0 || total(now) >= wanted.most) {
        endRenewal(renewal);
        return;
      }
      if (isBehind(now, wanted) || !change(now, now + ONE_MAKING)) {
        continue;
      }
      ThreadCreationException failure = make(renewal);
      if (failure != null) {
        fillMinimumUnlessStill(wanted);
        look();
        host.reportThread(failure);
      }
      return;
    }
  }

  /** Makes one worker more, up to the maximum; returns whether that changed anything. */
  boolean startWorker() {
    seams.checkHeadroom();
    for (; ; ) {
      long now = word;
      Sizes wanted = sizes;
      requireNotStopped(now);
      if (phase(now) != RUNNING) {
        return false;
      }
      int dismissed = dismissals.get();
      if (dismissed > 0) {
        if (dismissals.compareAndSet(dismissed, dismissed - 1)) {
          keepAlive.noteAsked();
          return true;
        }
      } else if (total(now) >= wanted.max) {
        return false;
      } else if (!isBehind(now, wanted) && change(now, now + ONE_MAKING)) {
        return makeAsAsked(wanted);
      }
    }
  }

  /** Makes a thread that somebody asked for, in a place that is reserved; false if that failed. */
  private boolean makeAsAsked(Sizes wanted) {
    ThreadCreationException failure = make();
    if (failure != null) {
      host.reportThread(failure);
      fillMinimumUnlessStill(wanted);
      look();
      return false;
    }
    keepAlive.noteAsked();
    return true;
  }

  /**
   * Takes dismissals back and makes workers, until so many are there that stay, or the maximum is
   * reached, or a thread cannot be made.
   *
   * @return how many threads this call made
   */
  int prestart(int workers) {
    seams.checkHeadroom();
    for (int made = 0; ; ) {
      long now = word;
      Sizes wanted = sizes;
      requireNotStopped(now);
      int dismissed = dismissals.get();
      if (phase(now) != RUNNING || total(now) - dismissed >= Math.min(workers, wanted.max)) {
        return made;
      }
      if (dismissed > 0) {
        if (dismissals.compareAndSet(dismissed, dismissed - 1)) {
          keepAlive.noteAsked();
        }
      } else if (!isBehind(now, wanted) && change(now, now + ONE_MAKING)) {
        if (!makeAsAsked(wanted)) {
          return made;
        }
        made++;
      }
    }
  }

  /** Lets one worker go as soon as one finds no task; returns whether that changes anything. */
  boolean dismissWorker() {
    seams.checkHeadroom();
    for (; ; ) {
      long now = word;
      requireNotStopped(now);
      int dismissed = dismissals.get();
      if (phase(now) != RUNNING || total(now) - dismissed <= sizes.min) {
        return false;
      }
      if (dismissals.compareAndSet(dismissed, dismissed + 1)) {
        look();
        return true;
      }
    }
  }

  /** Forgets dismissals that nobody above the minimum is left to obey. */
  private void trimDismissals() {
    for (; ; ) {
      int dismissed = dismissals.get();
      int most = Math.max(0, total(word) - sizes.min);
      if (dismissed <= most || dismissals.compareAndSet(dismissed, most)) {
        return;
      }
    }
  }

  private void requireNotStopped(long now) {
    if (phase(now) >= DRAINING) {
      throw new IllegalStateException(
          "Pool '%s' is %s. A stopped pool stays stopped: make a new one."
              .formatted(name, TeamState.poolState(now)));
    }
  }

  // ------------------------------------------------------------------ start and stop

  /**
   * Starts the team; does nothing if it is started.
   *
   * @throws IllegalStateException if it is stopping or has stopped
   * @throws ThreadCreationException if not one thread could be made; the team is as before
   */
  void start() {
    if (beginStart()) {
      ThreadCreationException failure = makeWhileStarting(false);
      if (failure != null) {
        look();
        throw failure;
      }
      endStart();
    }
  }

  /**
   * Starts the team as {@link #start} does, for tasks that trust that somebody does. If no thread can
   * be made they get another attempt, and are then given up with the reason, rule 14: all that are in
   * by the time the team is new again, so that none waits for nobody.
   */
  void startForTasks() {
    ThreadCreationException failure;
    do {
      if (!beginStart()) {
        return;
      }
      failure = makeWhileStarting(true);
      if (failure == null) {
        endStart();
        return;
      }
    } while (phase(word) == NEW && backlog.hasWaiting());
    look();
    throw failure;
  }

  /** Enters the start; false if the team has been started, or somebody is about it. */
  private boolean beginStart() {
    seams.checkHeadroom();
    for (; ; ) {
      long now = word;
      requireNotStopped(now);
      if (phase(now) == RUNNING) {
        serve();
        return false;
      }
      if (phase(now) == STARTING) {
        return false;
      }
      if (change(now, TeamState.withPhase(now, STARTING))) {
        room.changed(); // from now on there is room for the tasks that workers will run
        return true;
      }
    }
  }

  /** Makes the first thread, if one is needed. If none can be made, leaves the start again. */
  private @Nullable ThreadCreationException makeWhileStarting(boolean forTasks) {
    boolean made = false;
    try {
      ThreadCreationException failure = makeIfNeeded();
      if (failure != null && forTasks && backlog.hasWaiting()) {
        failure = makeIfNeeded();
      }
      if (failure != null && forTasks) {
        discardAll(RejectionReason.NO_THREAD, failure, null);
      }
      made = failure == null;
      return failure;
    } finally {
      if (!made) {
        enter(STARTING, NEW);
      }
    }
  }

  private @Nullable ThreadCreationException makeIfNeeded() {
    Sizes wanted = sizes;
    boolean needed = wanted.max > 0 && (wanted.min > 0 || backlog.hasWaiting());
    return needed && reserveWhileStarting() ? make() : null;
  }

  private void endStart() {
    enter(STARTING, RUNNING);
    fillMinimum();
    serve();
    settle();
    keepAlive.look(); // workers may have gone idle during the start
    host.stateChanged();
  }

  /** Reserves the first place; false if a stop has come between. */
  private boolean reserveWhileStarting() {
    for (long now = word; phase(now) == STARTING; now = word) {
      if (change(now, now + ONE_MAKING)) {
        return true;
      }
    }
    return false;
  }

  /** Moves the phase on, unless somebody else has moved it meanwhile. */
  private boolean enter(int from, int to) {
    for (long now = word; phase(now) == from; now = word) {
      if (change(now, TeamState.withPhase(now, to))) {
        return true;
      }
    }
    return false;
  }

  /** Refuses what comes from now on and lets the workers drain the backlog; returns at once. */
  void beginStop() {
    close(null);
    look();
    settle();
    tryEnd();
    host.stateChanged();
  }

  /**
   * Does what {@link #beginStop} does, but first starts a team never started if anything was accepted,
   * so that it runs. The backlog is closed before it is asked: what is not in by then is refused, and
   * nothing can slip in between.
   */
  void beginShutdown() {
    seams.checkMuchHeadroom();
    backlog.close();
    if (isNew() && !backlog.finish()) {
      try {
        startForTasks();
      } catch (IllegalStateException failed) {
        // what waited was given up with the reason, or another stop has begun
      }
    }
    beginStop();
  }

  /** Closes the backlog and enters the stop; a team never started gives up what waits at once. */
  private void close(@Nullable List<Runnable> mine) {
    seams.checkMuchHeadroom();
    backlog.close();
    while (phase(word) < DRAINING) {
      if (enter(NEW, GIVEN_UP)) {
        sweep(mine);
      } else if (!enter(STARTING, DRAINING)) {
        enter(RUNNING, DRAINING);
      }
    }
    room.changed(); // behind the phase, which those who wait for room ask
    host.stopBegun();
  }

  /**
   * Gives up draining: interrupts what runs, and claims and discards all that still waits.
   *
   * @return the tasks that this call gave up
   */
  List<Runnable> giveUp() {
    var mine = new ArrayList<Runnable>();
    close(mine);
    enter(DRAINING, GIVEN_UP); // before anybody looks, who might discard in this call's place
    Throwable last = null;
    for (Slot slot : slots.all()) {
      Worker worker = slot.holder.get();
      if (worker != null && slot.mayHaveTask()) {
        Throwable thrown = interrupt(worker.thread());
        last = thrown == null ? last : thrown;
      }
    }
    Throwable thrownByErrand = interrupt(errands.otherThread());
    last = thrownByErrand == null ? last : thrownByErrand;
    sweep(mine);
    look();
    settle();
    tryEnd();
    host.stateChanged();
    if (last != null) {
      host.reportDefect(last);
    }
    return mine;
  }

  /** Tells those who wait for the tasks that still run, after a stop gave up, not to wait any longer. */
  void abandonRunning() {
    inside(() -> {
      for (Slot slot : slots.all()) {
        abandon(slot);
      }
      callers.forEach(this::abandon);
    });
  }

  private void abandon(Slot slot) {
    Runnable task = slot.task();
    if (task != null) {
      host.abandon(task);
    }
  }

  /** Interrupts the thread, if there is one; returns what a thread class of the user's threw at that. */
  static @Nullable Throwable interrupt(@Nullable Thread thread) {
    try {
      if (thread != null) {
        thread.interrupt();
      }
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  /**
   * Gives up all that waits when the team is given up. It looks once more after {@link #swept} is
   * set, so that a task comes either before that look or is seen to by whoever let it in.
   */
  private void sweep(@Nullable List<Runnable> mine) {
    try {
      discardAll(RejectionReason.STOPPING, null, mine);
      for (int tries = 0; backlog.hasHeld() && tries < TRIES_FOR_HELD; tries++) {
        Thread.yield(); // one is on its way out of its line, or into it, and is to be in the list
        discardAll(RejectionReason.STOPPING, null, mine);
      }
    } finally {
      swept = true;
    }
    discardAll(RejectionReason.STOPPING, null, mine);
  }

  /**
   * Gives up what a key has let in behind the back of the sweep. While that goes on this leaves
   * everything to it, or tasks would be missing in what it tells.
   */
  private void discardLate() {
    if (swept && phase(word) == GIVEN_UP) {
      discardAll(RejectionReason.STOPPING, null, null);
    }
  }

  /** Gives up all that waits; adds it to what the stop tells of, if there is one, and to {@code mine}. */
  private void discardAll(
      RejectionReason reason, @Nullable Throwable cause, @Nullable List<Runnable> mine) {
    if (!discarders.enter()) {
      return; // inside a discarded task's callback: this thread, further up, goes on with the rest
    }
    boolean entered = insiders.enter();
    try {
      for (Runnable task = pollAny(); task != null; task = pollAny()) {
        if (claimToDiscard(task)) {
          Runnable bare = task instanceof PoolTask given ? given.bareWork() : task;
          if (phase(word) >= DRAINING) {
            givenUp.add(bare);
          }
          if (mine != null) {
            mine.add(bare);
          }
          discarded.increment();
          ended(task); // before foreign code, which may wait for the next of the key
          host.discard(task, reason, cause);
        }
      }
    } finally {
      discarders.leave();
      if (entered) {
        insiders.leave();
        tryEnd();
      }
    }
  }

  private @Nullable Runnable pollAny() {
    Runnable task = backlog.poll();
    return task == null ? backlog.pollHeld() : task;
  }

  /** Sees, after a step that leaves less to do, whether it was the last: for the end, or for awaitIdle. */
  private void tryEnd() {
    endIfNothingIsLeft();
    idleWatch.look();
  }

  /** Does so where the stack or the heap is exhausted already, and what that throws is being told. */
  private void tryEndAnyway() {
    try {
      tryEnd();
    } catch (Throwable again) {
      // whoever takes the next step tries again
    }
  }

  private void endIfNothingIsLeft() {
    for (long now = word; phase(now) == DRAINING || phase(now) == GIVEN_UP; now = word) {
      // Whoever discards is an insider before it reserves a task: in this order it is not missed.
      if (total(now) > 0 || !backlog.finish() || !insiders.isEmpty()) {
        return;
      }
      if (change(now, TeamState.withPhase(now, ENDED))) {
        try {
          settle();
        } finally { // whatever becomes of a resize, all that wait for the end must see it
          tellEnd();
        }
        return;
      }
    }
  }

  private void tellEnd() {
    ender = Thread.currentThread();
    try {
      ended.countDown();
      expiry.disarm();
      keepAlive.disarm();
      if (growth != null) {
        growth.disarm();
      }
      if (waiting.get() == 0) {
        givenUp.clear();
      }
      host.ended();
    } finally {
      endTold.countDown();
      ender = null;
    }
  }

  /** Returns those who wait for the team to be idle, to join them. */
  IdleWatch idleWatch() {
    return idleWatch;
  }

  /**
   * Returns whether nothing runs and nothing waits, rule 16. If all is well but the word has changed,
   * it looks again: a change of sizes makes nobody else look.
   */
  boolean isIdle() {
    for (; ; ) {
      long now = word;
      if (phase(now) >= DRAINING) {
        return phase(now) == ENDED;
      }
      boolean idle = idle(now) == live(now)
          && making(now) == 0
          && !backlog
              .hasHeld() // before the rest: what is let go is in its lane before it is off this
          && !backlog.hasWaiting()
          && insiders.isEmpty(); // after the backlog: who discards is inside before it takes out
      if (!idle || word == now) {
        return idle;
      }
    }
  }

  boolean isMaking() {
    return making(word) > 0;
  }

  /**
   * Waits for the end, and meanwhile sees to threads that died without having run their body.
   *
   * @return false if the time was up before
   */
  boolean awaitEnd(long nanos) throws InterruptedException {
    for (long left = Math.max(0, nanos); ; ) {
      long began = System.nanoTime();
      if (ended.await(Math.min(left, STILLBORN_CHECK_NANOS), TimeUnit.NANOSECONDS)) {
        return true;
      }
      left -= System.nanoTime() - began;
      if (left <= 0) {
        return false;
      }
      seeToStillborn();
    }
  }

  /**
   * Gives those that wait for threads which ended without having run their body another attempt, and
   * discards them if that came to nothing too, rule 14. Called by whoever waits for the end, or for the
   * team to be idle.
   */
  void seeToStillborn() {
    ThreadCreationException failure = making(word) > 0 ? buryStillborn() : null;
    if (failure != null) {
      boolean stopping = phase(word) >= DRAINING;
      if (attemptedForStillborn && stopping && total(word) == 0) {
        discardAll(RejectionReason.NO_THREAD, failure, null);
      }
      attemptedForStillborn |= stopping;
      look();
    }
  }

  /**
   * Waits until the threads of an ended team are dead, all but the calling one, and its host was told of the
   * end, by whatever thread, or the time is up.
   */
  void join(long nanos) throws InterruptedException {
    long began = System.nanoTime();
    for (var next = leaving.peek(); next != null; next = leaving.peek()) {
      Thread thread = next.get();
      if (thread != null && thread != Thread.currentThread()) {
        TimeUnit.NANOSECONDS.timedJoin(thread, nanos - (System.nanoTime() - began));
        if (thread.isAlive()) {
          return;
        }
      }
      leaving.remove(next);
    }
    if (ender != Thread.currentThread()) {
      endTold.await(nanos - (System.nanoTime() - began), TimeUnit.NANOSECONDS);
    }
  }

  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Returns whether the calling thread is a worker's, or inside code that the team has called. */
  boolean isOwnThread() {
    Thread current = Thread.currentThread();
    for (Slot slot : slots.all()) {
      Worker worker = slot.holder.get();
      if (worker != null && worker.thread() == current) {
        return true;
      }
    }
    return insiders.contains(current);
  }

  /** Returns what stops have given up so far. */
  List<Runnable> givenUp() {
    return List.copyOf(givenUp);
  }

  /** Notes that somebody waits for the end and will want to know what was given up. */
  void beginWaiting() {
    waiting.incrementAndGet();
  }

  /** Ends what {@link #beginWaiting} began; the last one lets go of what was given up. */
  void endWaiting() {
    if (waiting.decrementAndGet() == 0 && hasEnded()) {
      givenUp.clear();
    }
  }

  // ------------------------------------------------------------------ errands

  /** Returns what does for the timer what the timer must not do itself. */
  Errands errands() {
    return errands;
  }

  Thread errandThread(Runnable body, String threadName) {
    return host.errandThread(body, threadName);
  }

  /** Runs this on a thread which the end then waits for, and from which a stop only begins. */
  void inside(Runnable body) {
    boolean entered = insiders.enter();
    try {
      body.run();
    } finally {
      if (entered) {
        insiders.leave();
        tryEnd();
      }
    }
  }

  /** Does one errand; whatever interrupted its thread before was not meant for it. */
  void doErrand(Errands.Errand errand) {
    Thread.interrupted();
    try {
      errand.act(this);
    } catch (Throwable thrown) {
      host.reportDefect(thrown);
    }
  }

  Expiry expiry() {
    return expiry;
  }

  /** Gives a task up that has waited too long and stands where it stood. Called by an errand. */
  void expire(PoolTask task) {
    if (claimToDiscard(task)) {
      backlog.noteCancelled(task);
      endExpired(task);
    }
  }

  /** Gives a task up that has waited too long and was taken out. Called by an errand. */
  void giveUpExpired(PoolTask task) {
    if (claimToDiscard(task)) {
      endExpired(task);
    }
  }

  /** Ends a task that was claimed since it has expired: first the books, then who waits for it. */
  private void endExpired(Runnable task) {
    discarded.increment();
    ended(task);
    host.discard(task, RejectionReason.EXPIRED, null);
  }

  void reportThread(ThreadCreationException failure) {
    host.reportThread(failure);
  }

  /**
   * Returns what tells how many tasks wait, as long as the team was never started, and keeps nothing of
   * the team alive.
   */
  LongSupplier waitingWhileNew() {
    return waitingWhileNew(accepted, acceptedInBounds, cancelledWaiting, discarded);
  }

  private static LongSupplier waitingWhileNew(
      Count accepted, Count inBounds, LongAdder cancelled, LongAdder discarded) {
    return () -> accepted.sum() + inBounds.sum() - cancelled.sum() - discarded.sum();
  }

  // ------------------------------------------------------------------ seeing

  PoolState state() {
    return TeamState.poolState(word);
  }

  /** Returns whether nobody has started the team, nor is about it. */
  boolean isNew() {
    return phase(word) == NEW;
  }

  /** Returns whether a stop has begun, be it over or not. */
  boolean isStopping() {
    return phase(word) >= DRAINING;
  }

  /** Returns whether a stop has given up, or is over. */
  boolean isGivenUp() {
    return phase(word) >= GIVEN_UP;
  }

  /** Returns how many workers live or are in the making. */
  int countWorkers() {
    return total(word);
  }

  /** Throws a {@link StackOverflowError} if the stack has no room to end a task that waits, rule 19. */
  void checkHeadroomToEnd() {
    seams.checkMuchHeadroom();
  }

  /** Notes that a waiting task was cancelled: it stands in the backlog until a taker or a sweep passes. */
  void noteCancelled(Runnable task) {
    endWait(task);
    cancelledWaiting.increment();
    backlog.noteCancelled(task);
    ended(task);
    tryEnd(); // it may have been the last that a stopping team without workers had to see to
  }

  /** Returns how many tasks have come so far, be they accepted or refused. */
  long submissions() {
    return accepted.sum() + acceptedInBounds.sum() + callerBooks.taken.sum() + refused.sum();
  }

  /** Returns how many tasks were taken so far. */
  long taken() {
    return callerBooks.taken.sum() + takenByWorkers();
  }

  /** Returns whether the team is running and a worker beside this one, which is not idle, is not idle either. */
  boolean hasActiveBeside(Worker worker) {
    assert worker.holdsWaking : worker;
    return phase(word) == RUNNING && countActive() > 1;
  }

  /** Returns how many workers are not idle; one that is woken is not. */
  int countActive() {
    long now = word;
    return live(now) - idle(now);
  }

  /** Returns how many tasks workers took so far. */
  long takenByWorkers() {
    long taken = 0;
    for (Slot slot : slots.all()) {
      taken += slot.taken();
    }
    return taken;
  }

  Slot[] slots() {
    return slots.all();
  }

  /** Returns where submitters run their own tasks just now. */
  Set<CallerSlot> callers() {
    return callers;
  }

  /** Returns the numbers of this moment; ends are read before takes, takes before admissions. */
  PoolStatistics statistics() {
    return statistics(0);
  }

  private PoolStatistics statistics(int beingRefused) {
    long completed = callerBooks.completed.sum();
    long failed = callerBooks.failed.sum();
    long cancelledRunning = callerBooks.cancelled.sum();
    for (Slot slot : slots.all()) {
      completed += slot.completed();
      failed += slot.failed();
      cancelledRunning += slot.cancelled();
    }
    long endedWaiting = cancelledWaiting.sum();
    long cancelled = cancelledRunning + endedWaiting;
    long givenUpUnrun = discarded.sum();
    endedWaiting += givenUpUnrun;
    long takenByCallers = callerBooks.taken.sum();
    long taken = takenByCallers + takenByWorkers();
    long counted = accepted.sum() + acceptedInBounds.sum() + takenByCallers;
    long admitted = Math.max(counted, taken + endedWaiting); // rule 15
    Sizes wanted = sizes;
    long now = word;
    int workers = total(now);
    return PoolStatistics.builder()
        .state(TeamState.poolState(now))
        .workers(workers)
        .busy(Math.min(slots.countBusy(), workers))
        .sizes(wanted.target)
        .lent(wanted.lent)
        .renewing(wanted.renewing)
        .backlogLimit(wanted.limit)
        .accepted(admitted)
        .backlog(admitted - taken - endedWaiting)
        .running(taken - completed - failed - cancelledRunning)
        .completed(completed)
        .failed(failed)
        .cancelled(cancelled)
        .discarded(givenUpUnrun)
        .refused(refused.sum() + beingRefused)
        .build();
  }

  private void add(long delta) {
    long from = WORD.getAndAdd(this, delta);
    assert TeamState.isValidStep(from, from + delta)
        : TeamState.describe(from) + " -> " + TeamState.describe(from + delta);
  }

  private boolean change(long from, long to) {
    Sizes known = ASSERTS ? sizes : null;
    if (!WORD.compareAndSet(this, from, to)) {
      return false;
    }
    assert TeamState.isValidStep(from, to)
        : TeamState.describe(from) + " -> " + TeamState.describe(to);
    assert known == null || known.allow(from, to)
        : TeamState.describe(from) + " -> " + TeamState.describe(to) + " under " + known;
    return true;
  }
}
