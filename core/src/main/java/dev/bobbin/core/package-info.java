/**
 * Makes and runs pools.
 *
 * <p>Begin with {@link dev.bobbin.core.ThreadPools}, the door for applications without Guice (for
 * those with it see {@code dev.bobbin.guice}); behind it {@code Pool} is the face, {@code Team} the
 * engine, and {@link dev.bobbin.core.Plugins} what was found on the class path. Nothing here depends
 * on Guice.
 */
@NullMarked
package dev.bobbin.core;

import org.jspecify.annotations.NullMarked;
