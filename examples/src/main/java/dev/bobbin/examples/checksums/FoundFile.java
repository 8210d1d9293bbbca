package dev.bobbin.examples.checksums;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file to be hashed, or a folder that could not be looked into.
 *
 * @param path its full path
 * @param trouble what kept it from being looked into; null for a file
 */
record FoundFile(Path path, @Nullable IOException trouble) {}
