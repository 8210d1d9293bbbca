package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.spi.ContextPropagator;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault 28, its last part: a provider whose constructor hangs, hangs the search and nothing else. */
class HangingProviderTest {
  /** What the constructor below waits for. */
  private static volatile Held held = new Held();

  /** Found by its service file. */
  public static final class Hanging extends TestPlugins.Propagator {
    /** Does what a constructor of a plugin must not. */
    public Hanging() {
      super("hanging", 0);
      held.run();
    }
  }

  @Test
  void fault28_searchGoesOnAndFindsTheOthers_whenAProviderThatHungIsMadeAtLast(@TempDir Path folder)
      throws Exception {
    var files = new ServiceFolder(folder)
        .with(ContextPropagator.class, Hanging.class.getName(), TestPlugins.Alpha.class.getName());
    try (var loader = files.loader();
        var hangs = new Held();
        ThreadPool running = Testing.pool(1, 1).plugins(Plugins.none()).start()) {
      held = hangs;
      CompletableFuture<Plugins> search =
          Testing.inThread(() -> Plugins.builder().classLoader(loader).build());
      hangs.awaitBegun();
      assertEquals(1, Testing.get(running.submit(() -> 1)), "pools that run are not concerned");
      try (ThreadPool other = Testing.pool(1, 1).plugins(Plugins.none()).start()) {
        assertEquals(2, Testing.get(other.submit(() -> 2)), "nor those made without a search");
      }
      Plugins others =
          Plugins.builder().classLoader(loader).deny(Hanging.class.getName()).build();
      assertTrue(others.toString().contains("alpha"), "nor a search that leaves it out");
      assertFalse(search.isDone());
      hangs.release();
      String found = Testing.get(search).toString();
      assertTrue(found.contains("hanging") && found.contains("alpha"), found);
    }
  }

  /** The way out of a search that hangs: an interrupt reaches the constructor, and is then its failure. */
  @Test
  void fault28_searchTellsOfTheProvider_whenAnInterruptEndsItsConstructor(@TempDir Path folder)
      throws Exception {
    var files = new ServiceFolder(folder)
        .with(ContextPropagator.class, Hanging.class.getName(), TestPlugins.Alpha.class.getName());
    try (var loader = files.loader();
        var hangs = new Held()) {
      held = hangs;
      var thread = new Thread[1];
      CompletableFuture<String> search = Testing.inThread(
          thread, () -> Plugins.builder().classLoader(loader).lenient().build().toString());
      hangs.awaitBegun();
      thread[0].interrupt();
      String found = Testing.get(search);
      assertTrue(found.contains("alpha") && !found.contains("hanging"), found);
    }
  }
}
