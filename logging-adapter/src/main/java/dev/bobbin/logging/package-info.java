/** Failure reporters that write to the logs of an application. */
@NullMarked
package dev.bobbin.logging;

import org.jspecify.annotations.NullMarked;
