package dev.bobbin.guice;

import com.google.inject.BindingAnnotation;
import com.google.inject.Injector;
import com.google.inject.Key;
import java.lang.annotation.Annotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;

/**
 * The keys of what modules of this package tell one another. Every key made here differs from every
 * other, so that a parent injector and its children, or two private modules, never clash over one;
 * what was told is looked up by type, on one level of injectors.
 */
final class PrivateKeys {
  private PrivateKeys() {}

  /** Returns a key like no other. */
  static <T> Key<T> make(Class<T> type) {
    return Key.get(type, new Unique());
  }

  /** Returns all of this type that was bound on the injector's own level, in order. */
  static <T> List<T> all(Injector injector, Class<T> type) {
    return injector.getBindings().entrySet().stream()
        .filter(entry -> entry.getKey().getAnnotation() instanceof Private)
        .filter(entry -> entry.getKey().getTypeLiteral().getRawType() == type)
        .map(entry -> type.cast(entry.getValue().getProvider().get()))
        .toList();
  }

  /**
   * Qualifies these keys. It has a value so that Guice compares instances and not only the type.
   */
  @BindingAnnotation
  @Retention(RetentionPolicy.RUNTIME)
  private @interface Private {
    String value();
  }

  /** Equal to itself alone. */
  private static final class Unique implements Private {
    @Override
    public String value() {
      return "bobbin";
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return Private.class;
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public String toString() {
      return "@" + Private.class.getName();
    }
  }
}
