/**
 * The types an application uses: pools, their configuration, and what comes back from them.
 *
 * <p>Begin with {@link dev.bobbin.api.ThreadPool}, the pool itself, and {@link
 * dev.bobbin.api.ThreadPoolConfig}, the description of one. Nothing in this package makes a pool:
 * {@code dev.bobbin.core.ThreadPools} does, or {@code dev.bobbin.guice.ThreadPoolModule} in a Guice
 * application. Plugins are written against {@code dev.bobbin.spi}.
 *
 * <p>Unless a type says otherwise, a null argument is answered with a {@link NullPointerException}
 * that names the parameter.
 */
@NullMarked
package dev.bobbin.api;

import org.jspecify.annotations.NullMarked;
