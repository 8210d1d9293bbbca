/** Small programs that show Bobbin at work. */
@NullMarked
package dev.bobbin.examples;

import org.jspecify.annotations.NullMarked;
