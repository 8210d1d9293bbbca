/**
 * Bobbin beside other pools, under the same loads. Nothing here is for use by applications.
 *
 * <p>Begin with {@link dev.bobbin.benchmarks.Comparison}, the program. A {@code Subject} is what is
 * measured, a {@code Load} what is done to it; {@link dev.bobbin.benchmarks.LoadBenchmark} is how JMH
 * does it, and a {@code Report} what comes of it.
 */
@NullMarked
package dev.bobbin.benchmarks;

import org.jspecify.annotations.NullMarked;
