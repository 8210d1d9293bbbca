package dev.bobbin.guice;

import com.google.inject.BindingAnnotation;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Qualifies what is bound for every pool: the sets of plugins, and the {@link
 * java.util.concurrent.ThreadFactory} of pools that have none of their own. {@link
 * PluginBinder#forAllPools} binds under it.
 */
@Documented
@BindingAnnotation
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
public @interface AllPools {}
