/**
 * An HTTP service on the JDK's server, with three pools: one that takes requests, one for slow work, one
 * that keeps account.
 *
 * <p>Begin with {@link dev.bobbin.examples.http.HttpService}; then {@code PrimesHandler}, where a
 * request goes from pool to pool, and its id, its span and its record go with it.
 */
@NullMarked
package dev.bobbin.examples.http;

import org.jspecify.annotations.NullMarked;
