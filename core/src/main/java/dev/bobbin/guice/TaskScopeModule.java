package dev.bobbin.guice;

import com.google.inject.AbstractModule;
import org.jspecify.annotations.Nullable;

/**
 * Gives the tasks of an injector's pools scopes of their own: binds {@link TaskScoped}, and adds the plugin
 * {@code task-scope} to all pools. Installed beside {@link ThreadPoolModule}, as often as anybody likes. A
 * pool then carries a context with each task; without this module it does not pay for it.
 *
 * <pre>{@code
 * Guice.createInjector(ThreadPoolModule.builder().pool(io).build(), new TaskScopeModule());
 * }</pre>
 */
public final class TaskScopeModule extends AbstractModule {
  /** Makes the module; all are equal. */
  public TaskScopeModule() {}

  @Override
  protected void configure() {
    bindScope(TaskScoped.class, TaskScopes.TASK);
    PluginBinder.forAllPools(binder()).addContextPropagator().toInstance(TaskScopes.propagator());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TaskScopeModule;
  }

  @Override
  public int hashCode() {
    return TaskScopeModule.class.hashCode();
  }

  @Override
  public String toString() {
    return "TaskScopeModule";
  }
}
