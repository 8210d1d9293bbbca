/**
 * Failure reporters that write to the logs of an application.
 *
 * <p>Begin with {@link dev.bobbin.logging.Slf4jFailureReporter}, for applications that log through
 * SLF4J; {@link dev.bobbin.logging.SystemLoggerFailureReporter} serves those that do not. Both are
 * found by {@link java.util.ServiceLoader}, and just one of them is available at a time. How lines
 * look, and where they go, is for the logging back end to say.
 */
@NullMarked
package dev.bobbin.logging;

import org.jspecify.annotations.NullMarked;
