/**
 * The contexts that travel with a task from the thread that submits it to the worker that runs it.
 *
 * <p>Begin with {@link dev.bobbin.context.Context}, values under {@linkplain
 * dev.bobbin.context.ContextKey typed keys} for the time of a call. Propagators carry what Java programs
 * have. Found by {@link java.util.ServiceLoader}, where the library is there that they serve, are {@link
 * dev.bobbin.context.BobbinContextPropagator}, {@link dev.bobbin.context.Slf4jMdcPropagator}, {@link
 * dev.bobbin.context.MicrometerContextPropagator} and {@link
 * dev.bobbin.context.OpenTelemetryContextPropagator}. Made by the application are {@link
 * dev.bobbin.context.ThreadLocalPropagator} and {@link dev.bobbin.context.ScopedValuePropagator}, for
 * what it names, and {@link dev.bobbin.context.ContextClassLoaderPropagator}. Nothing in this package
 * starts a thread.
 *
 * <p>Unless a type says otherwise, a null argument is answered with a {@link NullPointerException}
 * that names the parameter.
 */
@NullMarked
package dev.bobbin.context;

import org.jspecify.annotations.NullMarked;
