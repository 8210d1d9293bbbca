/**
 * A real job: the SHA-256 checksum of each file in a folder, in the form that {@code sha256sum -c}
 * reads.
 *
 * <p>Begin with {@link dev.bobbin.examples.checksums.ChecksumRun}, which uses the pool; then {@link
 * dev.bobbin.examples.checksums.Checksums}, the program around it.
 */
@NullMarked
package dev.bobbin.examples.checksums;

import org.jspecify.annotations.NullMarked;
