/** The contexts that travel with a task from the thread that submits it to the worker that runs it. */
@NullMarked
package dev.bobbin.context;

import org.jspecify.annotations.NullMarked;
