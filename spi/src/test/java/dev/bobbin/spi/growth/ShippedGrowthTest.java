package dev.bobbin.spi.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.GrowthAnswer;
import dev.bobbin.spi.GrowthDecider;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.GrowthRequest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The growth policies that come with Bobbin: how they are found, and what they answer, by a clock moved by hand. */
class ShippedGrowthTest {
  private static final long PAUSE = 1_000;

  private static final Map<String, GrowthPolicy> FOUND =
      ServiceLoader.load(GrowthPolicy.class, ShippedGrowthTest.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .collect(Collectors.toMap(GrowthPolicy::name, Function.identity()));

  private static GrowthDecider decider(String name, Duration pause) {
    return FOUND
        .get(name)
        .forPool(ThreadPoolConfig.builder("io").growthPause(pause).build());
  }

  private static GrowthDecider decider(String name) {
    return decider(name, Duration.ofNanos(PAUSE));
  }

  private static GrowthAnswer waited(GrowthDecider decider, long nanos) {
    return decider.mayGrow(
        GrowthRequest.builder("io", 5).longestWait(Duration.ofNanos(nanos)).build());
  }

  private static GrowthAnswer at(GrowthDecider decider, long nanoTime) {
    return decider.mayGrow(GrowthRequest.builder("io", nanoTime).build());
  }

  private static GrowthAnswer notBefore(long nanos) {
    return GrowthAnswer.notBefore(Duration.ofNanos(nanos));
  }

  @Test
  void serviceLoader_findsAll_byTheirNames() {
    assertEquals(Set.of("at-once", "after-wait", "limited-rate"), FOUND.keySet());
    for (GrowthPolicy found : FOUND.values()) {
      assertEquals(0, found.order());
      assertEquals(Optional.empty(), found.unavailable());
    }
  }

  /** Two lists of the same providers, for the module path and for the class path. */
  @Test
  void moduleDescriptor_providesWhatTheServiceFileLists() throws IOException {
    Set<String> provided;
    try (InputStream in = open("/module-info.class")) {
      provided = Set.copyOf(ModuleDescriptor.read(in).provides().stream()
          .filter(provides -> provides.service().equals(GrowthPolicy.class.getName()))
          .findFirst()
          .orElseThrow()
          .providers());
    }
    assertEquals(
        FOUND.values().stream()
            .map(found -> found.getClass().getName())
            .collect(Collectors.toSet()),
        provided);
    try (InputStream in = open("/META-INF/services/" + GrowthPolicy.class.getName())) {
      assertEquals(
          provided,
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .collect(Collectors.toSet()));
    }
  }

  /** Opens a file that lies beside the classes of the policies, not that of another jar. */
  private static InputStream open(String path) throws IOException {
    String classFile = GrowAtOnce.class.getName().replace('.', '/') + ".class";
    String own = GrowAtOnce.class.getResource("/" + classFile).toString();
    String root = own.substring(0, own.length() - classFile.length() - 1);
    return java.net.URI.create(root + path).toURL().openStream();
  }

  @Test
  void atOnce_isTheDeciderThatPoolsNeedNotAsk() {
    assertSame(GrowthDecider.atOnce(), decider("at-once"));
    assertEquals(GrowthAnswer.now(), at(decider("at-once"), 0));
    assertFalse(decider("at-once").asksForWaits());
  }

  @Test
  void others_areAtOnceToo_whenThereIsNoPause() {
    assertSame(GrowthDecider.atOnce(), decider("after-wait", Duration.ZERO));
    assertSame(GrowthDecider.atOnce(), decider("limited-rate", Duration.ZERO));
  }

  @Test
  void afterWait_answersNow_whenATaskHasWaitedForThePause_elseWithWhatIsLeft() {
    GrowthDecider decider = decider("after-wait");
    assertTrue(decider.asksForWaits());
    assertEquals(notBefore(PAUSE), waited(decider, 0));
    assertEquals(notBefore(1), waited(decider, PAUSE - 1));
    assertEquals(GrowthAnswer.now(), waited(decider, PAUSE));
    assertEquals(GrowthAnswer.now(), waited(decider, 9 * PAUSE));
    assertEquals(notBefore(PAUSE), at(decider, 9 * PAUSE), "nothing is told");
  }

  @Test
  void limitedRate_answersNowOncePerPause() {
    GrowthDecider decider = decider("limited-rate");
    assertFalse(decider.asksForWaits());
    assertEquals(GrowthAnswer.now(), at(decider, 0));
    assertEquals(notBefore(PAUSE), at(decider, 0));
    assertEquals(notBefore(1), at(decider, PAUSE - 1));
    assertEquals(GrowthAnswer.now(), at(decider, PAUSE));
    assertEquals(notBefore(PAUSE), at(decider, PAUSE));
    assertEquals(GrowthAnswer.now(), at(decider, 9 * PAUSE));
    assertEquals(notBefore(PAUSE), at(decider, 9 * PAUSE), "what was not used is not saved");
  }

  @Test
  void limitedRate_keepsItsPause_whenTheClockWrapsAround() {
    GrowthDecider decider = decider("limited-rate");
    assertEquals(GrowthAnswer.now(), at(decider, Long.MAX_VALUE - 1));
    assertEquals(notBefore(PAUSE - 2), at(decider, Long.MIN_VALUE));
    assertEquals(GrowthAnswer.now(), at(decider, Long.MIN_VALUE + PAUSE - 2));
  }

  @Test
  void limitedRate_growsOnceAndNeverAgain_whenThePauseIsTooLongToCount() {
    GrowthDecider decider = decider("limited-rate", Duration.ofSeconds(Long.MAX_VALUE));
    assertEquals(GrowthAnswer.now(), at(decider, 0));
    assertFalse(at(decider, TimeUnit.DAYS.toNanos(36_500)).equals(GrowthAnswer.now()));
  }

  @Test
  void limitedRate_countsEachPoolForItself() {
    GrowthDecider one = decider("limited-rate");
    GrowthDecider other = decider("limited-rate");
    assertNotSame(one, other);
    assertEquals(GrowthAnswer.now(), at(one, 0));
    assertEquals(GrowthAnswer.now(), at(other, 0));
  }

  @Test
  void limitedRate_allowsOne_whenManyAskAtOnce() throws Exception {
    GrowthDecider decider = decider("limited-rate");
    for (long now = 0; now < 50 * PAUSE; now += PAUSE) {
      long time = now;
      var begin = new CountDownLatch(1);
      List<CompletableFuture<GrowthAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(CompletableFuture.supplyAsync(
            () -> {
              try {
                begin.await();
              } catch (InterruptedException interrupt) {
                throw new AssertionError(interrupt);
              }
              return at(decider, time);
            },
            task -> new Thread(task).start()));
      }
      begin.countDown();
      int allowed = 0;
      for (CompletableFuture<GrowthAnswer> answer : answers) {
        allowed += answer.get(60, TimeUnit.SECONDS).equals(GrowthAnswer.now()) ? 1 : 0;
      }
      assertEquals(1, allowed);
    }
  }
}
