package dev.bobbin.context;

import org.jspecify.annotations.Nullable;

/** One value that each thread has for itself, and that a propagator carries. Null counts as absent. */
interface Carried {
  /** Returns what reports of failures call it. */
  String key();

  /** Returns what is to travel, or null if the calling thread has no value. */
  @Nullable
  Object captured();

  /** Returns the calling thread's value, for {@link #putBack}. */
  @Nullable
  Object present();

  /** Sets what {@link #captured} returned on the calling thread. */
  void put(@Nullable Object value);

  /** Sets on the calling thread what {@link #present} returned there before. */
  void putBack(@Nullable Object before);
}
