/**
 * The thread factories that come with Bobbin.
 *
 * <p>{@link dev.bobbin.spi.threads.PlatformThreads} is what pools use unless told otherwise; {@link
 * dev.bobbin.spi.threads.VirtualThreads} needs a JDK that has virtual threads. Both are found by
 * {@link java.util.ServiceLoader} and chosen by name in a pool's configuration.
 */
@NullMarked
package dev.bobbin.spi.threads;

import org.jspecify.annotations.NullMarked;
