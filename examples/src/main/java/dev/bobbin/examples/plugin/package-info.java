/**
 * A plugin of one's own, and a program that uses it.
 *
 * <p>Begin with {@link dev.bobbin.examples.plugin.ShortNames}, the plugin. It needs {@code bobbin-spi}
 * and nothing else of Bobbin. {@link dev.bobbin.examples.plugin.ShortNamesExample} chooses it by its
 * name and never mentions its class.
 */
@NullMarked
package dev.bobbin.examples.plugin;

import org.jspecify.annotations.NullMarked;
