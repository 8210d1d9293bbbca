package dev.bobbin.core;

import org.jspecify.annotations.Nullable;

/** One mistake of wiring: the sentence for people, and what a plugin threw, if it threw. */
record Problem(String sentence, @Nullable Throwable cause) {
  Problem(String sentence) {
    this(sentence, null);
  }
}
