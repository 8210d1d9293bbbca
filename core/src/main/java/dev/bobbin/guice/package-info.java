/**
 * The door with Guice: pools that are declared in modules, injected by name, and started and
 * stopped by one owner.
 *
 * <p>Begin with {@link dev.bobbin.guice.ThreadPoolModule}, which declares pools, and {@link
 * dev.bobbin.guice.Pool}, under which they are injected; then {@link dev.bobbin.guice.PoolOwner},
 * which starts and stops them, and {@link dev.bobbin.guice.PluginBinder} for plugins bound in
 * Guice.
 *
 * <p>This package serves Guice 5.1, 6 and 7 with the same classes: it touches nothing but {@code
 * com.google.inject}, needs no bytecode generation, and is the only one of Bobbin's that knows
 * Guice.
 */
@NullMarked
package dev.bobbin.guice;

import org.jspecify.annotations.NullMarked;
