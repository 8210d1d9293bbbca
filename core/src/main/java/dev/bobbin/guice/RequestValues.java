package dev.bobbin.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.Binding;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.OutOfScopeException;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import com.google.inject.spi.DefaultBindingScopingVisitor;
import com.google.inject.spi.ExposedBinding;
import com.google.inject.spi.LinkedKeyBinding;
import dev.bobbin.api.ContextMode;
import dev.bobbin.spi.CapturedContext;
import dev.bobbin.spi.ContextPropagator;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries objects of guice-servlet's request scope to the workers, under the name {@code guice-request}: those
 * that an application names, as the values that they are. Made by applications and bound in Guice:
 *
 * <pre>{@code
 * PluginBinder.forPool(binder(), "io")
 *     .addContextPropagator()
 *     .toInstance(RequestValues.builder().carry(User.class).carry(Locale.class).build());
 * }</pre>
 *
 * <p>A task that is submitted in a request runs in a request scope of its own, in which these objects are the
 * request's; others are made anew, for the task. The request itself does not travel. So a worker never waits
 * for the thread of the request, which with {@code ServletScopes.transferRequest} it does, for as long as
 * that is in the request; and a task may go on when the request is over.
 *
 * <p>A thread cannot leave the request that it is in. So a task that its submitter runs itself, in a request, runs
 * in that request. Where a thread in one request comes to run work of another, with other objects, this
 * throws: that is reported, and {@link dev.bobbin.api.ContextFailure} says what becomes of the work. Submitting outside of
 * requests costs an exception that nobody sees: bind this for the pools that serve requests.
 *
 * <p>Unavailable where guice-servlet is absent.
 */
public final class RequestValues implements ContextPropagator {
  private final Set<Key<?>> keys;

  /** Written when Guice injects this, before a pool has it. */
  private @Nullable Map<Key<?>, Provider<?>> providers;

  private RequestValues(Builder builder) {
    this.keys = Collections.unmodifiableSet(new LinkedHashSet<>(builder.keys));
  }

  /** Returns a builder of the propagator. */
  public static Builder builder() {
    return new Builder();
  }

  /** Called by Guice. */
  @Inject
  void injectWith(Injector injector) {
    Map<Key<?>, Provider<?>> found = new LinkedHashMap<>();
    for (Key<?> key : keys) {
      Binding<?> binding = injector.getBinding(key);
      while (isUnscoped(binding) && binding instanceof LinkedKeyBinding<?> link) {
        binding = injector.getBinding(link.getLinkedKey());
      }
      if (isUnscoped(binding) && !(binding instanceof ExposedBinding<?>)) {
        throw new IllegalStateException(
            "RequestValues cannot carry %s, which has no scope: tasks would not get what is carried, but one made anew. Bind it in the request scope."
                .formatted(key));
      }
      found.put(binding.getKey(), binding.getProvider());
    }
    providers = found;
  }

  private static boolean isUnscoped(Binding<?> binding) {
    return binding.acceptScopingVisitor(new DefaultBindingScopingVisitor<Boolean>() {
      @Override
      protected Boolean visitOther() {
        return false;
      }

      @Override
      public Boolean visitNoScoping() {
        return true;
      }
    });
  }

  @Override
  public String name() {
    return "guice-request";
  }

  @Override
  public Optional<String> unavailable() {
    try {
      return RequestScopes.unavailable();
    } catch (LinkageError absent) {
      return Optional.of(
          "guice-servlet is not on the class path; add com.google.inject.extensions:guice-servlet and a servlet API");
    }
  }

  @Override
  public @Nullable CapturedContext capture() {
    Map<Key<?>, Provider<?>> known = providers;
    if (known == null) {
      throw new IllegalStateException(
          "RequestValues was not made known to Guice. Bind it, with PluginBinder, in the place of handing it over.");
    }
    Map<Key<?>, @Nullable Object> values = new LinkedHashMap<>();
    for (Map.Entry<Key<?>, Provider<?>> each : known.entrySet()) {
      try {
        values.put(each.getKey(), each.getValue().get());
      } catch (ProvisionException | OutOfScopeException failed) {
        if (values.isEmpty() && isOutside(failed)) {
          return null;
        }
        throw failed;
      }
    }
    return new Captured(values, known);
  }

  private static boolean isOutside(RuntimeException failed) {
    return failed instanceof OutOfScopeException
        || failed.getCause() instanceof OutOfScopeException;
  }

  /** Returns all but {@link ContextMode#CLEAR}: there is no way out of a request but its end. */
  @Override
  public Set<ContextMode> modes() {
    return EnumSet.complementOf(EnumSet.of(ContextMode.CLEAR));
  }

  /** As {@link #capture}, which needs nothing of the request. */
  @Override
  public @Nullable CapturedContext detach() {
    return capture();
  }

  /** Returns the name and the keys. */
  @Override
  public String toString() {
    return name() + keys;
  }

  private record Captured(Map<Key<?>, @Nullable Object> values, Map<Key<?>, Provider<?>> providers)
      implements CapturedContext {
    @Override
    public void run(Runnable body) {
      if (!RequestScopes.run(values, body)) {
        checkIsInForce();
        body.run();
      }
    }

    private void checkIsInForce() {
      values.forEach((key, value) -> {
        if (!Objects.equals(requireNonNull(providers.get(key)).get(), value)) {
          throw new IllegalStateException(
              "This thread is in another request, which has another %s. Run work of one request outside of others."
                  .formatted(key));
        }
      });
    }

    @Override
    public Map<String, String> describe() {
      Map<String, String> texts = new LinkedHashMap<>();
      values.forEach((key, value) -> texts.put(text(key), String.valueOf(value)));
      return texts;
    }

    private static String text(Key<?> key) {
      String type = key.getTypeLiteral().toString();
      return key.getAnnotation() == null ? type : key.getAnnotation() + " " + type;
    }
  }

  /** Collects the keys. Not for use by several threads. */
  public static final class Builder {
    private final Set<Key<?>> keys = new LinkedHashSet<>();

    private Builder() {}

    /** Adds the objects of a class. */
    public Builder carry(Class<?> type) {
      return carry(Key.get(requireNonNull(type, "type")));
    }

    /**
     * Adds the objects of a key.
     *
     * @throws IllegalArgumentException if it is there already
     */
    public Builder carry(Key<?> key) {
      if (!keys.add(requireNonNull(key, "key"))) {
        throw new IllegalArgumentException(
            "RequestValues already carries %s. Leave out one of the two.".formatted(key));
      }
      return this;
    }

    /**
     * Returns the propagator.
     *
     * @throws IllegalStateException if it would carry nothing
     */
    public RequestValues build() {
      if (keys.isEmpty()) {
        throw new IllegalStateException(
            "RequestValues carries nothing. Name at least one class or key with carry.");
      }
      return new RequestValues(this);
    }
  }
}
