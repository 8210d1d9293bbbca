/**
 * The contexts that travel with a task from the thread that submits it to the worker that runs it.
 *
 * <p>Begin with {@link dev.bobbin.context.Context}, values under {@linkplain
 * dev.bobbin.context.ContextKey typed keys} for the time of a call. Three propagators carry what
 * Java programs have: {@link dev.bobbin.context.BobbinContextPropagator} that context, {@link
 * dev.bobbin.context.Slf4jMdcPropagator} the MDC of SLF4J, both found by {@link
 * java.util.ServiceLoader}; and {@link dev.bobbin.context.ThreadLocalPropagator} the thread-locals
 * that an application names. Nothing in this package starts a thread.
 *
 * <p>Unless a type says otherwise, a null argument is answered with a {@link NullPointerException}
 * that names the parameter.
 */
@NullMarked
package dev.bobbin.context;

import org.jspecify.annotations.NullMarked;
