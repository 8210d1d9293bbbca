/**
 * The growth policies that come with Bobbin.
 *
 * <p>{@link dev.bobbin.spi.growth.GrowAtOnce} is what pools use unless told otherwise; {@link
 * dev.bobbin.spi.growth.GrowAfterWait} and {@link dev.bobbin.spi.growth.GrowAtLimitedRate} pause before
 * they let a pool grow. All are found by {@link java.util.ServiceLoader} and chosen by name in a pool's
 * configuration.
 */
@NullMarked
package dev.bobbin.spi.growth;

import org.jspecify.annotations.NullMarked;
