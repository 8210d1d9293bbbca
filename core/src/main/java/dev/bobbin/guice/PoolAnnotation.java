package dev.bobbin.guice;

import java.lang.annotation.Annotation;

/** An instance of {@link Pool}; equality, hash code and text are those of one from source. */
final class PoolAnnotation implements Pool {
  private final String value;

  PoolAnnotation(String value) {
    this.value = value;
  }

  @Override
  public String value() {
    return value;
  }

  @Override
  public Class<? extends Annotation> annotationType() {
    return Pool.class;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pool that && value.equals(that.value());
  }

  @Override
  public int hashCode() {
    return (127 * "value".hashCode()) ^ value.hashCode();
  }

  @Override
  public String toString() {
    return "@%s(\"%s\")".formatted(Pool.class.getName(), value);
  }
}
