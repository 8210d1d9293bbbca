/**
 * An HTTP service on the JDK's server, with two pools: one that answers requests, one for slow work.
 *
 * <p>Begin with {@link dev.bobbin.examples.http.HttpService}; then {@code PrimesHandler}, where a
 * request goes from the one pool to the other and its id goes with it.
 */
@NullMarked
package dev.bobbin.examples.http;

import org.jspecify.annotations.NullMarked;
