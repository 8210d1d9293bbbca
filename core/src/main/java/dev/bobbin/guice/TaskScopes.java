package dev.bobbin.guice;

import com.google.inject.Key;
import com.google.inject.OutOfScopeException;
import com.google.inject.Provider;
import com.google.inject.Scope;
import dev.bobbin.spi.ContextPropagator;
import java.lang.annotation.Annotation;
import org.jspecify.annotations.Nullable;

/**
 * The scopes of tasks, for bindings: {@code bind(Session.class).in(TaskScopes.INHERITED)}. They have no
 * effect unless a {@link TaskScopeModule} is installed. See {@link TaskScoped}.
 */
public final class TaskScopes {
  /** One object for each task, or for each tree of tasks where the bound class is {@link TaskScoped#inherited}. */
  public static final Scope TASK = new TaskScope("TaskScopes.TASK", false);

  /** One object for a task and all that it submits, and these. */
  public static final Scope INHERITED = new TaskScope("TaskScopes.INHERITED", true);

  private TaskScopes() {}

  /** Returns the propagator by which tasks come to have scopes. */
  static ContextPropagator propagator() {
    return TaskScopePropagator.INSTANCE;
  }

  private static final class TaskScope implements Scope {
    private final String name;
    private final boolean inherited;

    TaskScope(String name, boolean inherited) {
      this.name = name;
      this.inherited = inherited;
    }

    @Override
    public <T extends @Nullable Object> Provider<T> scope(Key<T> key, Provider<T> unscoped) {
      return new Scoped<>(key, unscoped, inherited || isInherited(key));
    }

    private static boolean isInherited(Key<?> key) {
      Annotation scope = key.getTypeLiteral().getRawType().getAnnotation(TaskScoped.class);
      return scope instanceof TaskScoped declared && declared.inherited();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Gives the object of the current task; this very provider stands for its binding there. */
  private static final class Scoped<T extends @Nullable Object> implements Provider<T> {
    private final Key<T> key;
    private final Provider<T> unscoped;
    private final boolean inherited;

    Scoped(Key<T> key, Provider<T> unscoped, boolean inherited) {
      this.key = key;
      this.unscoped = unscoped;
      this.inherited = inherited;
    }

    @Override
    public T get() {
      TaskObjects objects = TaskScopePropagator.objects(inherited);
      if (objects == null) {
        throw new OutOfScopeException(
            "Cannot access %s: this thread runs no task of a pool with task scopes. Ask for it in a task, and install a TaskScopeModule where the pools are declared."
                .formatted(key));
      }
      return objects.get(this, unscoped);
    }

    @Override
    public String toString() {
      return "%s[%s]".formatted(unscoped, inherited ? TaskScopes.INHERITED : TaskScopes.TASK);
    }
  }
}
