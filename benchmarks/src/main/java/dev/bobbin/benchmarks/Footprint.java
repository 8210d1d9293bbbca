package dev.bobbin.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jol.info.GraphLayout;

/**
 * Weighs one subject, in a JVM of its own: what it holds for a queued task and for an idle worker, and
 * what many idle pools cost. Started by {@link Measuring}.
 *
 * <p>JOL adds up all that can be reached from an object, and from a thread one reaches nearly
 * everything. So two states are weighed that differ in the number of tasks, workers or pools alone, and
 * the difference is divided by that number. Only the heap counts, not the stacks of threads.
 */
final class Footprint {
  /** JOL is an agent of its own JVM; what else it could do to learn more takes seconds. */
  private static final List<String> JOL_OPTIONS = List.of(
      "-Djdk.attach.allowAttachSelf=true",
      "-XX:+EnableDynamicAgentLoading",
      "-Djol.magicFieldOffset=true",
      "-Djol.skipHotspotSAAttach=true");

  /** What JOL's own lines begin with. */
  private static final String REMARK = "#";

  private static final int TASKS_FOR_POOL = 10;
  private static final int FEW_WORKERS = 2;
  private static final int MANY_WORKERS = 22;
  private static final long LIMIT_SECONDS = 60;

  private final Subject subject;
  private final Sizes sizes;

  private Footprint(Subject subject, Sizes sizes) {
    this.subject = subject;
    this.sizes = sizes;
  }

  /** Weighs in a new JVM. */
  static Map<Figure, Double> inOwnJvm(Jdk jdk, Measurement.Key key, Effort effort)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(jdk.java().toString());
    command.addAll(jdk.options());
    command.addAll(JOL_OPTIONS);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Footprint.class.getName());
    command.add(key.subject().key());
    command.add(key.sizes().toString());
    command.add(String.valueOf(effort.tasks(Load.IDLE)));
    command.add(effort.watch().toString());
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          "%s could not be weighed.".formatted(key.subject().title()));
    }
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    said.lines().filter(line -> !line.startsWith(REMARK)).forEach(line -> {
      int sign = line.indexOf('=');
      figures.put(Figure.of(line.substring(0, sign)), Double.valueOf(line.substring(sign + 1)));
    });
    return figures;
  }

  /**
   * Prints the figures of a subject, a line each, and ends the JVM, whatever threads are left.
   *
   * @param args the subject, its sizes, how many pools, and how long to watch them
   */
  public static void main(String[] args) {
    int exit = 1;
    try {
      var footprint = new Footprint(Subject.of(args[0]), Sizes.parse(args[1]));
      footprint
          .all(Integer.parseInt(args[2]), Duration.parse(args[3]))
          .forEach((figure, value) -> System.out.println(figure.key() + "=" + value));
      exit = 0;
    } catch (Exception | Error failure) {
      failure.printStackTrace();
    } finally {
      System.exit(exit);
    }
  }

  private Map<Figure, Double> all(int count, Duration watch) throws Exception {
    // Not counted: the first time loads classes, and those can be reached too.
    queuedTask(1);
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.QUEUED_TASK, queuedTask(TASKS_FOR_POOL * count));
    figures.put(Figure.IDLE_WORKER, idleWorker());
    idlePools(count, watch, figures);
    return figures;
  }

  /** Returns the bytes for a task that waits, the task itself not included. */
  private double queuedTask(int tasks) throws Exception {
    PoolUnderLoad pool = subject.open(sizes);
    var tally = new Tally();
    var release = new CountDownLatch(1);
    int held = hold(pool, sizes, tally, release);
    Runnable task = tally::add;
    long before = weigh(pool.pool());
    for (int i = 0; i < tasks; i++) {
      pool.execute(task);
    }
    long after = weigh(pool.pool());
    release.countDown();
    tally.await(held + tasks);
    tally.check();
    pool.end();
    return (double) (after - before) / tasks;
  }

  /** Returns the bytes for a worker that has had a task and is idle. */
  private double idleWorker() throws Exception {
    long few = workers(FEW_WORKERS);
    long many = workers(MANY_WORKERS);
    return (double) (many - few) / (MANY_WORKERS - FEW_WORKERS);
  }

  private long workers(int count) throws Exception {
    var fixed = new Sizes(count, count);
    PoolUnderLoad pool = subject.open(fixed);
    var tally = new Tally();
    var release = new CountDownLatch(1);
    int held = hold(pool, fixed, tally, release);
    release.countDown();
    tally.await(held);
    tally.check();
    long bytes = weigh(pool.pool());
    pool.end();
    return bytes;
  }

  /**
   * Gives each worker that the pool may have a task that ends with the latch, and returns how many when
   * all have begun.
   */
  private int hold(PoolUnderLoad pool, Sizes sizes, Tally tally, CountDownLatch release)
      throws InterruptedException {
    int workers = subject == Subject.TPE_CORE ? sizes.min() : sizes.max();
    var begun = new CountDownLatch(workers);
    for (int i = 0; i < workers; i++) {
      pool.execute(() -> {
        begun.countDown();
        try {
          release.await();
        } catch (InterruptedException cutShort) {
          throw new IllegalStateException(cutShort);
        }
        tally.add();
      });
    }
    if (!begun.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "%d of %d tasks have not begun.".formatted(begun.getCount(), workers));
    }
    return workers;
  }

  private void idlePools(int count, Duration watch, Map<Figure, Double> figures) throws Exception {
    List<PoolUnderLoad> open = new ArrayList<>();
    List<Object> pools = new ArrayList<>();
    var tally = new Tally();
    for (int i = 0; i <= count; i++) {
      PoolUnderLoad pool = subject.open(sizes);
      open.add(pool);
      pool.execute(tally::add);
      tally.await(1);
      pools.add(pool.pool());
      if (i == 0) {
        // Threads and objects that the first pool brings for all are in this first weighing.
        figures.put(Figure.IDLE_POOL, -(double) weigh(pools.toArray()));
        figures.put(Figure.IDLE_THREADS, -(double) threads());
      }
    }
    figures.merge(Figure.IDLE_POOL, (double) weigh(pools.toArray()), Double::sum);
    figures.merge(Figure.IDLE_THREADS, (double) threads(), Double::sum);
    figures.computeIfPresent(Figure.IDLE_POOL, (figure, bytes) -> bytes / count);
    figures.computeIfPresent(Figure.IDLE_THREADS, (figure, threads) -> threads / count);
    // Not counted: what the JVM still has to do after so much work.
    watch(watch);
    figures.put(Figure.IDLE_CPU, watch(watch));
    for (PoolUnderLoad pool : open) {
      pool.end();
    }
    tally.check();
  }

  /** Returns how much processor time this process takes in a second in which it is given nothing to do. */
  private static double watch(Duration time) {
    long begin = System.nanoTime();
    long cpu = Costs.processNanos();
    long left = time.toNanos();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = time.toNanos() - (System.nanoTime() - begin);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return (Costs.processNanos() - cpu) / seconds;
  }

  private static int threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private static long weigh(Object... roots) {
    return GraphLayout.parseInstance(roots).totalSize();
  }
}
