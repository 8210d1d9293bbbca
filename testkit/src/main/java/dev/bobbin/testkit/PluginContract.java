package dev.bobbin.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.spi.Plugin;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every plugin must do, of whatever kind. */
abstract class PluginContract {
  PluginContract() {}

  /** Returns the plugin that is tested. */
  abstract Plugin plugin();

  /** A name that a configuration can choose, require and deny. */
  @Test
  void name_isLowerCaseWordsJoinedByHyphens_andAlwaysTheSame() {
    String name = plugin().name();
    assertTrue(
        name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"),
        () -> "'" + name + "' is no name of lower-case words joined by hyphens");
    assertEquals(name, plugin().name());
  }

  @Test
  void order_isAlwaysTheSame() {
    assertEquals(plugin().order(), plugin().order());
  }

  /** The library that the plugin serves must be on the class path of the test. */
  @Test
  void plugin_isAvailableHere() {
    assertEquals(Optional.empty(), plugin().unavailable());
  }
}
