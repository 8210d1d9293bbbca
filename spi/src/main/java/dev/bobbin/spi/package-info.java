/**
 * The contracts that plugins implement.
 *
 * <p>Begin with {@link dev.bobbin.spi.Plugin}, what all plugins have in common; then {@link
 * dev.bobbin.spi.WorkerThreadFactory}, {@link dev.bobbin.spi.ContextPropagator}, {@link
 * dev.bobbin.spi.FailureReporter}, {@link dev.bobbin.spi.GrowthPolicy} and {@link
 * dev.bobbin.spi.PoolListener}, the kinds. The thread factories that come with Bobbin are in {@code
 * dev.bobbin.spi.threads}, its growth policies in {@code dev.bobbin.spi.growth}. Plugins need nothing
 * else of Bobbin, least of all its core.
 *
 * <p>Unless a type says otherwise, a null argument is answered with a {@link NullPointerException}
 * that names the parameter.
 */
@NullMarked
package dev.bobbin.spi;

import org.jspecify.annotations.NullMarked;
