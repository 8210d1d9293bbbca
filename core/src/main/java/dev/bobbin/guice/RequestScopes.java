package dev.bobbin.guice;

import com.google.inject.Key;
import com.google.inject.servlet.RequestScoper.CloseableScope;
import com.google.inject.servlet.ServletScopes;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one place that touches guice-servlet. Fails to link, at the first call, where that is absent. */
final class RequestScopes {
  private RequestScopes() {}

  /** Returns empty; fails where guice-servlet is absent. */
  static Optional<String> unavailable() {
    ServletScopes.scopeRequest(Map.of());
    return Optional.empty();
  }

  /**
   * Runs the body in a request scope of its own that begins with these objects; false, and not run, if the
   * calling thread is in a request, which it cannot leave.
   */
  static boolean run(Map<Key<?>, @Nullable Object> values, Runnable body) {
    CloseableScope scope;
    try {
      scope = ServletScopes.scopeRequest(values).open();
    } catch (IllegalStateException inARequest) {
      return false;
    }
    try {
      body.run();
    } finally {
      scope.close();
    }
    return true;
  }
}
