package dev.bobbin.context;

import static java.util.Objects.requireNonNull;

import dev.bobbin.spi.CapturedContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values under {@linkplain ContextKey typed keys}, in force on a thread for the time of a call, and
 * carried by pools from the thread that submits a task to the worker that runs it. Immutable; made
 * and used by applications, on any thread.
 *
 * <pre>{@code
 * static final ContextKey<String> TENANT = ContextKey.named("tenant");
 *
 * Context.with(TENANT, "acme").run(() -> pool.execute(this::settleAccounts));
 * }</pre>
 *
 * <p>A context is whole: {@link #with} takes over what is in force and adds to it, the inner value
 * hiding an outer one of the same key, and a call inside it sees that and nothing else. A key that is
 * present with null gives null; a key that is absent gives the key's default. When the call ends,
 * however it ends, the context that was there before is in force again, the very same object. A new
 * thread begins with the {@linkplain #empty() empty} context, whoever made it.
 */
public final class Context implements CapturedContext {
  /*
   * What is in force on a thread is one reference in one thread-local:
   *
   *   nothing -> c         a call inside c begins, on a thread at the bottom
   *   c -> d               a call inside d begins, inside c
   *   d -> c, c -> nothing the call ends: what was read when it began is written back
   *
   * Since the saved reference is written back, and nothing is popped, whatever a body left in the
   * thread-local is gone as well. At the bottom the thread-local is removed, not set to EMPTY, so
   * that no thread keeps this class and its loader alive. Reading it on such a thread leaves an entry
   * whose value is null, which keeps nothing alive.
   *
   * Defaults are not in here: they are fields of the keys, and looked up last, so that a context
   * captured long ago sees those of today.
   */
  private static final ThreadLocal<@Nullable Context> IN_FORCE = new ThreadLocal<>();

  private static final Context EMPTY = new Context(Map.of());

  /** Never changed once it is in here; values may be null. */
  private final Map<ContextKey<?>, @Nullable Object> values;

  private Context(Map<ContextKey<?>, @Nullable Object> values) {
    this.values = values;
  }

  /** Returns the context without any values; a call inside it sees defaults only. */
  public static Context empty() {
    return EMPTY;
  }

  /** Returns the context in force on the calling thread, {@linkplain #empty() empty} if none is. */
  public static Context current() {
    Context inForce = IN_FORCE.get();
    return inForce == null ? EMPTY : inForce;
  }

  /** Returns the context in force on the calling thread with this value added or replaced. */
  public static <T> Context with(ContextKey<T> key, @Nullable T value) {
    return current().and(key, value);
  }

  /** Returns this context with this value added or replaced; this one stays as it is. */
  public <T> Context and(ContextKey<T> key, @Nullable T value) {
    requireNonNull(key, "key");
    var changed = new LinkedHashMap<ContextKey<?>, @Nullable Object>(values);
    changed.put(key, value);
    return new Context(changed);
  }

  /** Returns whether this context has a value for {@code key}, be it null; defaults do not count. */
  public boolean contains(ContextKey<?> key) {
    return values.containsKey(requireNonNull(key, "key"));
  }

  /** Returns whether this context has no values. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** Returns the value under {@code key}, else the key's default, else null. */
  public <T> @Nullable T get(ContextKey<T> key) {
    return get(key, null);
  }

  /** Returns the value under {@code key}, else the key's default, else {@code fallback}. */
  public <T> @Nullable T get(ContextKey<T> key, @Nullable T fallback) {
    requireNonNull(key, "key");
    return contains(key) ? value(key) : key.defaultOr(fallback);
  }

  @SuppressWarnings("unchecked") // Only and(key, value) puts values in, and there the types agree.
  private <T> @Nullable T value(ContextKey<T> key) {
    return (T) values.get(key);
  }

  /**
   * Runs {@code body} once on the calling thread, inside this context, and then puts back what was in
   * force. What the body throws reaches the caller as it is.
   */
  @Override
  public void run(Runnable body) {
    requireNonNull(body, "body");
    Context before = IN_FORCE.get();
    install(this);
    try {
      body.run();
    } finally {
      install(before);
    }
  }

  /**
   * Calls {@code operation} once on the calling thread, inside this context, then puts back what was
   * in force, and returns its result.
   *
   * @throws X what the operation throws, as it is
   */
  public <T extends @Nullable Object, X extends Throwable> T call(
      Operation<? extends T, X> operation) throws X {
    requireNonNull(operation, "operation");
    Context before = IN_FORCE.get();
    install(this);
    try {
      return operation.call();
    } finally {
      install(before);
    }
  }

  /** Puts a context in force on the calling thread; null stands for the bottom. */
  static void install(@Nullable Context context) {
    if (context == null) {
      IN_FORCE.remove();
    } else {
      IN_FORCE.set(context);
    }
  }

  /**
   * Returns the names of the keys and their values as text, in the order in which they were added; of
   * keys that share a name, the second is called {@code name#2}. Secrets among the values are in it.
   */
  @Override
  public Map<String, String> describe() {
    var texts = new LinkedHashMap<String, String>();
    values.forEach((key, value) -> texts.put(unused(key.name(), texts), SafeText.of(value)));
    return Collections.unmodifiableMap(texts);
  }

  private static String unused(String name, Map<String, String> taken) {
    String candidate = name;
    for (int k = 2; taken.containsKey(candidate); k++) {
      candidate = name + "#" + k;
    }
    return candidate;
  }

  /** Returns the names of the keys, without the values, which may be secret. */
  @Override
  public String toString() {
    return "Context" + values.keySet();
  }

  /**
   * What is called inside a context. Implemented by users of {@link Context#call}, most often as a
   * lambda; called by it on the calling thread.
   *
   * @param <T> the type of the result
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface Operation<T extends @Nullable Object, X extends Throwable> {
    /** Returns the result. */
    T call() throws X;
  }
}
