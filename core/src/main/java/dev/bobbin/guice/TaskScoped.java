package dev.bobbin.guice;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import com.google.inject.ScopeAnnotation;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Says that Guice makes one object for each task of a pool: the same wherever it is asked for while the task
 * runs, its callback and the report of its failure included. For classes and provider methods, where a
 * {@link TaskScopeModule} is installed; in bindings also as {@link TaskScopes#TASK}.
 *
 * <p>When the task is over, an object that is {@link AutoCloseable} is closed, on the worker, or, where the last
 * task that has it is cancelled or refused, on the thread that does that; what was made last first. What that throws is reported under the name of the plugin {@code task-scope}. Outside of
 * tasks there is no such object: whoever asks for it gets a {@link com.google.inject.ProvisionException}
 * with an {@link com.google.inject.OutOfScopeException}.
 */
@Documented
@Retention(RUNTIME)
@Target({TYPE, METHOD})
@ScopeAnnotation
public @interface TaskScoped {
  /**
   * Returns whether tasks that a task submits have its object too, and so on, to whichever pools of the
   * application; it is closed with the last of them that is over, and may then be used by several threads. Work that
   * a {@link dev.bobbin.api.ContextWrapper} has wrapped counts as such a task from then until it has run: where
   * it never runs, the object stays open.
   * Counts on classes; for other bindings there is {@link TaskScopes#INHERITED}. Defaults to false.
   */
  boolean inherited() default false;
}
