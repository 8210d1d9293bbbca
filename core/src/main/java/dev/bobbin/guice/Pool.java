package dev.bobbin.guice;

import com.google.inject.BindingAnnotation;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which pool is meant, where a {@link dev.bobbin.api.ThreadPool}, an {@link
 * java.util.concurrent.ExecutorService} or an {@link java.util.concurrent.Executor} is injected.
 *
 * <pre>{@code
 * @Inject
 * Thumbnails(@Pool("io") ThreadPool io) { … }
 * }</pre>
 *
 * <p>Where a key is written in code, {@link Pools#named} makes this annotation.
 */
@Documented
@BindingAnnotation
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
public @interface Pool {
  /** Returns the name of the pool. */
  String value();
}
