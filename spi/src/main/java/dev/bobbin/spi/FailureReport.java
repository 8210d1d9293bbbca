package dev.bobbin.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One failure: what failed, where, and with what throwable. Immutable. Made by pools and read by
 * {@link FailureReporter reporters}; the {@link #builder builder} is there for both and for tests.
 *
 * <p>Texts that come from users (the task, context keys and values) are as they were given; {@link
 * #printable(String)} makes them safe for a line of a log.
 */
public final class FailureReport {
  private static final int LONGEST_TEXT = 1_000;

  private final Kind kind;
  private final String pool;
  private final String worker;
  private final String subject;
  private final Throwable throwable;
  private final Map<String, String> context;
  private final @Nullable Duration waited;
  private final @Nullable Duration ran;
  private final @Nullable Throwable submitter;
  private final long count;
  private final boolean folded;

  private FailureReport(Builder builder) {
    this.kind = builder.kind;
    this.pool = builder.pool;
    this.worker = builder.worker;
    this.subject = builder.subject;
    this.throwable = builder.throwable;
    this.context = Collections.unmodifiableMap(new LinkedHashMap<>(builder.context));
    this.waited = builder.waited;
    this.ran = builder.ran;
    this.submitter = builder.submitter;
    this.count = builder.count;
    this.folded = builder.folded;
  }

  /**
   * Returns a builder of a report.
   *
   * @param kind what sort of thing failed
   * @param pool the name of the pool
   * @param throwable what was thrown
   */
  public static Builder builder(Kind kind, String pool, Throwable throwable) {
    return new Builder(
        requireNonNull(kind, "kind"),
        requireNonNull(pool, "pool"),
        requireNonNull(throwable, "throwable"));
  }

  /**
   * Returns {@code text} on one line and without control or invisible formatting characters, each of
   * them shown as {@code ?}, and cut to 1,000 characters.
   */
  public static String printable(String text) {
    int end = Math.min(requireNonNull(text, "text").length(), LONGEST_TEXT);
    var line = new StringBuilder(end);
    text.substring(0, end)
        .codePoints()
        .forEach(c -> line.appendCodePoint(isPrintable(c) ? c : '?'));
    if (end < text.length()) {
      line.append("...");
    }
    return line.toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE -> false;
      default -> true;
    };
  }

  /** Returns what sort of thing failed. */
  public Kind kind() {
    return kind;
  }

  /** Returns the name of the pool. */
  public String pool() {
    return pool;
  }

  /** Returns the name of the thread on which it failed. */
  public String worker() {
    return worker;
  }

  /** Returns the text of what failed: of the task or callback, or the name of the plugin. */
  public String subject() {
    return subject;
  }

  /** Returns what was thrown, the very object. */
  public Throwable throwable() {
    return throwable;
  }

  /** Returns the keys and values of the submitter's context, in the order of the propagators. */
  public Map<String, String> context() {
    return context;
  }

  /** Returns how long the task had waited; empty where the pool does not read the clock for it. */
  public Optional<Duration> waited() {
    return Optional.ofNullable(waited);
  }

  /** Returns how long the task had run; empty where the pool does not read the clock for it. */
  public Optional<Duration> ran() {
    return Optional.ofNullable(ran);
  }

  /** Returns the stack of the thread that submitted the task; empty where the pool does not keep it. */
  public Optional<Throwable> submitter() {
    return Optional.ofNullable(submitter);
  }

  /**
   * Returns what was thrown or, where the submitter's stack is known, its likeness with that stack behind its
   * own: one story in reading order, from the place of the failure to that of the submission, for reporters
   * that print it. The likeness has the text, the cause and the suppressed throwables of what was thrown; its
   * message is the whole text, class and message, for there are reporters that print a throwable by its class,
   * which is another. It is what was thrown, without that stack, where that does not tell its own.
   */
  public Throwable story() {
    if (submitter == null) {
      return throwable;
    }
    try {
      return new Story(throwable, submitter);
    } catch (RuntimeException
        | Error hostile) { // a throwable of the user's may do anything when it is asked
      return throwable;
    }
  }

  /** A throwable in all that is printed of it, with more frames. */
  private static final class Story extends Throwable {
    private static final long serialVersionUID = 1L;

    private final transient Throwable told;

    Story(Throwable told, Throwable submitter) {
      super(null, told.getCause(), true, true);
      this.told = told;
      StackTraceElement[] failed = told.getStackTrace();
      StackTraceElement[] submitted = submitter.getStackTrace();
      var frames = new StackTraceElement[failed.length + 1 + submitted.length];
      System.arraycopy(failed, 0, frames, 0, failed.length);
      frames[failed.length] =
          new StackTraceElement("(here)", String.valueOf(submitter.getMessage()), null, -1);
      System.arraycopy(submitted, 0, frames, failed.length + 1, submitted.length);
      setStackTrace(frames);
      for (Throwable suppressed : told.getSuppressed()) {
        addSuppressed(suppressed);
      }
    }

    @Override
    public @Nullable String getMessage() {
      return told.toString();
    }

    @Override
    public String toString() {
      return told.toString();
    }
  }

  /**
   * Returns how many failures this tells of: 1, unless it is {@link #isFolded folded}. Over all reports of a
   * pool the counts add up to its failures, exactly.
   */
  public long count() {
    return count;
  }

  /**
   * Returns whether this tells of failures that are the same as one that was told of in full before: of one
   * kind, and thrown in the same place. All else in this report is then of the last of them.
   */
  public boolean isFolded() {
    return folded;
  }

  /**
   * Returns a report of so many failures that are the same as one that was told of in full before, of which
   * this is the last.
   *
   * @throws IllegalArgumentException if it is of none
   */
  public FailureReport folded(long count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "A folded report must tell of one failure at least, was of %d. Leave it out."
              .formatted(count));
    }
    var builder = new Builder(kind, pool, throwable);
    builder.worker = worker;
    builder.subject = subject;
    builder.context = context;
    builder.waited = waited;
    builder.ran = ran;
    builder.submitter = submitter;
    builder.count = count;
    builder.folded = true;
    return builder.build();
  }

  /** Returns the report in one line, without the throwable's trace. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(kind.words())
        .append(" failed in pool '")
        .append(printable(pool))
        .append("'");
    if (folded) {
      text.append(' ')
          .append(count)
          .append(count == 1 ? " time" : " times")
          .append(" more, as was told before; the last");
    }
    if (!worker.isEmpty()) {
      text.append(" on ").append(printable(worker));
    }
    if (!subject.isEmpty()) {
      text.append(": ").append(printable(subject));
    }
    waited().ifPresent(time -> text.append(", waited ").append(time.toMillis()).append(" ms"));
    ran().ifPresent(time -> text.append(", ran ").append(time.toMillis()).append(" ms"));
    context.forEach((key, value) ->
        text.append(' ').append(printable(key)).append('=').append(printable(value)));
    return text.toString();
  }

  /** What sort of thing failed. */
  public enum Kind {
    /** The work of a task that has neither a callback nor a future. */
    TASK("A task"),
    /** The work of a task whose future nobody has looked at. */
    FUTURE("A task whose future nobody has looked at"),
    /** A callback that was told an outcome, or a stage that depends on a future. */
    CALLBACK("A callback"),
    /** A context: something was left behind in it, and its pool looks for that. */
    CONTEXT("A context"),
    /** A plugin. */
    PLUGIN("A plugin"),
    /** A thread that could not be made or started. */
    THREAD("A thread"),
    /** The pool itself; the worker was replaced. */
    POOL("The pool");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** Collects one report. Not for use by several threads. */
  public static final class Builder {
    private final Kind kind;
    private final String pool;
    private final Throwable throwable;
    private String worker = "";
    private String subject = "";
    private Map<String, String> context = Map.of();
    private @Nullable Duration waited;
    private @Nullable Duration ran;
    private @Nullable Throwable submitter;
    private long count = 1;
    private boolean folded;

    private Builder(Kind kind, String pool, Throwable throwable) {
      this.kind = kind;
      this.pool = pool;
      this.throwable = throwable;
    }

    /** Sets the name of the thread on which it failed. Defaults to the empty text. */
    public Builder worker(String worker) {
      this.worker = requireNonNull(worker, "worker");
      return this;
    }

    /** Sets the text of what failed. Defaults to the empty text. */
    public Builder subject(String subject) {
      this.subject = requireNonNull(subject, "subject");
      return this;
    }

    /** Sets the submitter's context; it is copied when the report is built. Defaults to none. */
    public Builder context(Map<String, String> context) {
      this.context = requireNonNull(context, "context");
      return this;
    }

    /** Sets how long the task waited. Defaults to unknown. */
    public Builder waited(@Nullable Duration waited) {
      this.waited = waited;
      return this;
    }

    /** Sets how long the task ran. Defaults to unknown. */
    public Builder ran(@Nullable Duration ran) {
      this.ran = ran;
      return this;
    }

    /** Sets the stack of the thread that submitted the task. Defaults to unknown. */
    public Builder submitter(@Nullable Throwable submitter) {
      this.submitter = submitter;
      return this;
    }

    /** Returns the report. */
    public FailureReport build() {
      return new FailureReport(this);
    }
  }
}
