package dev.bobbin.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lists one check of the contract that the executor under test fails, and why. The check is turned
 * round: it must fail, so that the list is neither too short nor too long. A subclass adds to the list
 * of its superclass.
 *
 * <p>Public because JUnit reads it through a proxy.
 */
@Documented
@Repeatable(Deviates.List.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Deviates {
  /** The name of the check's method. */
  String in();

  String because();

  /** All that is listed of one executor. */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface List {
    Deviates[] value();
  }
}
