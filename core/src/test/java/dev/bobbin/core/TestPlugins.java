package dev.bobbin.core;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import dev.bobbin.spi.FailureReport;
import dev.bobbin.spi.FailureReporter;
import dev.bobbin.spi.GrowthAnswer;
import dev.bobbin.spi.GrowthDecider;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Plugins, good and bad, for tests to name in service files or to hand over. */
public final class TestPlugins {
  private TestPlugins() {}

  /** Returns a propagator that carries nothing. */
  public static ContextPropagator propagator(String name, int order) {
    return new Named(name, order);
  }

  private static final class Named extends Propagator {
    Named(String name, int order) {
      super(name, order);
    }
  }

  /** Carries nothing. */
  abstract static class Propagator implements ContextPropagator {
    private final String name;
    private final int order;

    Propagator(String name, int order) {
      this.name = name;
      this.order = order;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int order() {
      return order;
    }

    @Override
    public @Nullable CapturedContext capture() {
      return null;
    }
  }

  /** Good, and innermost. */
  public static final class Alpha extends Propagator {
    /** Found by its service file. */
    public Alpha() {
      super("alpha", 10);
    }
  }

  /** Good, and outermost. */
  public static final class Beta extends Propagator {
    static final AtomicInteger MADE = new AtomicInteger();

    /** Found by its service file. */
    public Beta() {
      super("beta", -10);
      MADE.incrementAndGet();
    }
  }

  /** Has the order of Alpha, and a name before it. */
  public static final class Aardvark extends Propagator {
    /** Found by its service file. */
    public Aardvark() {
      super("aardvark", 10);
    }
  }

  /** Has the name of Alpha. */
  public static final class SecondAlpha extends Propagator {
    /** Found by its service file. */
    public SecondAlpha() {
      super("alpha", 0);
    }
  }

  /** Misses the library it serves. */
  public static final class Unavailable extends Propagator {
    /** Found by its service file. */
    public Unavailable() {
      super("unavailable", 0);
    }

    @Override
    public Optional<String> unavailable() {
      return Optional.of("the library 'lib' is absent.");
    }
  }

  /** Cannot be made. */
  public static final class Throwing extends Propagator {
    /** Found by its service file. */
    public Throwing() {
      super("throwing", 0);
      throw new IllegalStateException("no license\nfound");
    }
  }

  /** Cannot be made: somebody forgot to finish it. */
  public abstract static class Abstract extends Propagator {
    /** Found by its service file. */
    public Abstract() {
      super("abstract", 0);
    }
  }

  /** Cannot be made: nobody may call its constructor. */
  public static final class HiddenConstructor extends Propagator {
    HiddenConstructor() {
      super("hidden-constructor", 0);
    }
  }

  /** Cannot be made: it is not public. */
  static final class NotPublic extends Propagator {
    public NotPublic() {
      super("not-public", 0);
    }
  }

  /** Is no plugin at all. */
  public static final class NoPlugin {}

  /** Has a hostile name. */
  public static final class HostileName extends Propagator {
    /** Found by its service file. */
    public HostileName() {
      super("mdc\n2026-01-01 ERROR ${jndi:ldap://x} %s", 0);
    }
  }

  /** Has no name. */
  public static final class NullName extends Propagator {
    /** Found by its service file. */
    @SuppressWarnings("NullAway") // that is its fault
    public NullName() {
      super(null, 0);
    }
  }

  /** Throws when asked for its name. */
  public static final class NameThrows extends Propagator {
    /** Found by its service file. */
    public NameThrows() {
      super("name-throws", 0);
    }

    @Override
    public String name() {
      throw new UnsupportedOperationException("nameless");
    }
  }

  /** Throws when asked for its order. */
  public static final class OrderThrows extends Propagator {
    /** Found by its service file. */
    public OrderThrows() {
      super("order-throws", 0);
    }

    @Override
    public int order() {
      throw new NoClassDefFoundError("com/acme/Order");
    }
  }

  /** Throws when asked whether it can work. */
  public static final class UnavailableThrows extends Propagator {
    /** Found by its service file. */
    public UnavailableThrows() {
      super("unavailable-throws", 0);
    }

    @Override
    public Optional<String> unavailable() {
      throw new IllegalStateException("who knows");
    }
  }

  /** Good. */
  public static final class Reporter implements FailureReporter {
    /** Found by its service file. */
    public Reporter() {}

    @Override
    public String name() {
      return "alpha";
    }

    @Override
    public void report(FailureReport report) {}
  }

  /** Good. */
  public static final class Threads implements WorkerThreadFactory {
    /** Found by its service file. */
    public Threads() {}

    @Override
    public String name() {
      return "test-threads";
    }

    @Override
    public Thread newThread(WorkerThreadSettings settings, Runnable body) {
      return new Thread(null, body, "test-" + settings.threadName(), 0, false);
    }
  }

  /** Good: lets no pool grow. */
  public static final class Growth implements GrowthPolicy {
    /** Found by its service file. */
    public Growth() {}

    @Override
    public String name() {
      return "test-growth";
    }

    @Override
    public GrowthDecider forPool(ThreadPoolConfig config) {
      return request -> GrowthAnswer.no();
    }
  }

  /** Cannot work here. */
  public static final class UnavailableGrowth implements GrowthPolicy {
    /** Found by its service file. */
    public UnavailableGrowth() {}

    @Override
    public String name() {
      return "absent-growth";
    }

    @Override
    public Optional<String> unavailable() {
      return Optional.of("it needs a clock that nobody has");
    }

    @Override
    public GrowthDecider forPool(ThreadPoolConfig config) {
      throw new UnsupportedOperationException();
    }
  }

  /** Cannot be set up for a pool. */
  public static final class ThrowingGrowth implements GrowthPolicy {
    /** Found by its service file. */
    public ThrowingGrowth() {}

    @Override
    public String name() {
      return "throwing-growth";
    }

    @Override
    public GrowthDecider forPool(ThreadPoolConfig config) {
      throw new IllegalStateException("no growth for " + config.name());
    }
  }

  /** Cannot work here. */
  public static final class UnavailableThreads implements WorkerThreadFactory {
    /** Found by its service file. */
    public UnavailableThreads() {}

    @Override
    public String name() {
      return "absent-threads";
    }

    @Override
    public Optional<String> unavailable() {
      return Optional.of("it needs a JDK that nobody has");
    }

    @Override
    public Thread newThread(WorkerThreadSettings settings, Runnable body) {
      throw new UnsupportedOperationException();
    }
  }
}
