package dev.bobbin.benchmarks;

import dev.bobbin.core.ThreadPools;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jboss.threads.EnhancedQueueExecutor;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/** What is measured: Bobbin, its peers, and the floor. */
enum Subject {
  /** What all the others are compared with. */
  BOBBIN(
      "Bobbin",
      "a pool without plugins; with propagators in the loads of that name",
      ThreadPools.class) {
    @Override
    PoolUnderLoad open(Sizes sizes) {
      return BobbinPool.open(sizes);
    }
  },

  /** The form of {@link ThreadPoolExecutor} that reaches its maximum. */
  TPE_FIXED("TPE fixed", "`ThreadPoolExecutor`, linked queue, core = maximum", null) {
    @Override
    PoolUnderLoad open(Sizes sizes) {
      return threadPoolExecutor(sizes.max(), sizes.max());
    }
  },

  /** The form that keeps to its core, as its queue is never full. */
  TPE_CORE(
      "TPE core",
      "`ThreadPoolExecutor`, linked queue, core = minimum; never grows beyond, as its queue is never full",
      null) {
    @Override
    PoolUnderLoad open(Sizes sizes) {
      return threadPoolExecutor(sizes.min(), sizes.max());
    }

    @Override
    boolean takes(Load load, Sizes sizes) {
      return super.takes(load, sizes) && load != Load.GROW && sizes.min() < sizes.max();
    }
  },

  /** The JDK's work-stealing pool, first in, first out for each queue. */
  FORK_JOIN(
      "ForkJoinPool",
      "`ForkJoinPool`, asynchronous mode, parallelism = maximum; no order between its queues",
      null) {
    @Override
    PoolUnderLoad open(Sizes sizes) {
      return new ExecutorPool(new ForkJoinPool(
          sizes.max(), ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true));
    }

    @Override
    boolean takes(Load load, Sizes sizes) {
      return super.takes(load, sizes) && load != Load.RESIZE;
    }
  },

  /** JBoss' pool. */
  EQE("EQE", "JBoss' `EnhancedQueueExecutor`, core = minimum", EnhancedQueueExecutor.class) {
    @Override
    PoolUnderLoad open(Sizes sizes) {
      EnhancedQueueExecutor pool = new EnhancedQueueExecutor.Builder()
          .setCorePoolSize(sizes.min())
          .setMaximumPoolSize(sizes.max())
          .setRegisterMBean(false)
          .build();
      return new ExecutorPool(
          pool,
          changed ->
              changed.set(pool.getCorePoolSize(), pool::setCorePoolSize, pool::setMaximumPoolSize));
    }
  },

  /** Jetty's pool. */
  JETTY("Jetty", "Jetty's `QueuedThreadPool`, no reserved threads", QueuedThreadPool.class) {
    @Override
    PoolUnderLoad open(Sizes sizes) throws Exception {
      return JettyPool.open(sizes);
    }
  },

  /** Tomcat's pool, which grows before it queues. */
  TOMCAT(
      "Tomcat",
      "Tomcat's `ThreadPoolExecutor` with its `TaskQueue`, core = minimum",
      org.apache.tomcat.util.threads.ThreadPoolExecutor.class) {
    @Override
    PoolUnderLoad open(Sizes sizes) {
      var queue = new org.apache.tomcat.util.threads.TaskQueue();
      var pool = new org.apache.tomcat.util.threads.ThreadPoolExecutor(
          sizes.min(), sizes.max(), KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, queue);
      queue.setParent(pool);
      return new ExecutorPool(
          pool,
          changed ->
              changed.set(pool.getCorePoolSize(), pool::setCorePoolSize, pool::setMaximumPoolSize));
    }
  },

  /** No pool at all. */
  VIRTUAL(
      "virtual threads",
      "a virtual thread per task, on JDK 21 and later; no sizes, no queue",
      null) {
    @Override
    PoolUnderLoad open(Sizes sizes) {
      return new ExecutorPool(VirtualThreads.executor());
    }

    @Override
    boolean takes(Load load, Sizes sizes) {
      return super.takes(load, sizes) && !UNBOUNDED_LACKS.contains(load);
    }

    @Override
    int firstJdk() {
      return 21;
    }
  },

  /** What no pool can be faster than. */
  FLOOR(
      "floor",
      "a single consumer that never parks, on JCTools' unbounded MPSC queue; no pool, no peer",
      MpscUnboundedVarHandleArrayQueue.class) {
    @Override
    PoolUnderLoad open(Sizes sizes) {
      return FloorPool.open();
    }

    @Override
    boolean takes(Load load, Sizes sizes) {
      return super.takes(load, sizes) && !UNBOUNDED_LACKS.contains(load) && load != Load.BLOCKING;
    }
  };

  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final Set<Load> UNBOUNDED_LACKS = EnumSet.of(Load.GROW, Load.RESIZE, Load.IDLE);
  private static final Pattern JAR = Pattern.compile(".*?-(\\d.*)\\.jar");

  private final String title;
  private final String description;
  private final @Nullable Class<?> from;

  Subject(String title, String description, @Nullable Class<?> from) {
    this.title = title;
    this.description = description;
    this.from = from;
  }

  private static PoolUnderLoad threadPoolExecutor(int core, int max) {
    var pool = new ThreadPoolExecutor(
        core, max, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    boolean fixed = core == max;
    return new ExecutorPool(pool, changed -> {
      Sizes bounds = fixed ? new Sizes(changed.max(), changed.max()) : changed;
      bounds.set(pool.getCorePoolSize(), pool::setCorePoolSize, pool::setMaximumPoolSize);
    });
  }

  /** Returns a running pool of these sizes, if they mean anything to it. */
  abstract PoolUnderLoad open(Sizes sizes) throws Exception;

  /** Returns whether this load can be put on this subject, on a JDK that has it. */
  boolean takes(Load load, Sizes sizes) {
    return this == BOBBIN || !load.bobbinOnly();
  }

  /** Returns the first Java that has this subject. */
  int firstJdk() {
    return 17;
  }

  /** Returns the name in results and on the command line. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the name in tables. */
  String title() {
    return title;
  }

  /** Returns what it is, in Markdown. */
  String description() {
    return description;
  }

  /** Returns whether Bobbin is compared with it: all are peers but Bobbin itself and the floor. */
  boolean isPeer() {
    return this != BOBBIN && this != FLOOR;
  }

  /** Returns the version of its library, as the name of the jar says, or null if it is the JDK's. */
  @Nullable
  String version() {
    return from == null ? null : versionOf(from);
  }

  /** Returns the version in the name of the jar that a class is from; "this build" without a jar. */
  static String versionOf(Class<?> type) {
    Matcher name = JAR.matcher(String.valueOf(homeOf(type).getFileName()));
    return name.matches() ? name.group(1) : "this build";
  }

  /** Returns the jar or folder that a class is from. */
  static Path homeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  /** Returns the subject of this key. */
  static Subject of(String key) {
    for (Subject subject : values()) {
      if (subject.key().equals(key)) {
        return subject;
      }
    }
    throw new IllegalArgumentException("There is no subject '%s'.".formatted(key));
  }
}
