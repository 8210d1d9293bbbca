package dev.bobbin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPoolConfig.Timing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Z1 to Z3: a configuration goes through a stream as plain values, which are checked again. */
class ConfigSerializationTest {
  private static final ThreadPoolConfig CONFIG = ThreadPoolConfig.builder("serial")
      .minWorkers(4242)
      .maxWorkers(5353)
      .threadFactory("my-threads")
      .daemon(true)
      .priority(7)
      .timing(Timing.ON)
      .backlogLimit(77)
      .whenFull(Overflow.block(Duration.ofMillis(5)))
      .rejectionStackTraces(false)
      .maxWait(Duration.ofSeconds(6))
      .maxRun(Duration.ofSeconds(7))
      .keepAlive(Duration.ofSeconds(8))
      .leaveInterval(Duration.ofSeconds(9))
      .growthPolicy("after-wait")
      .growthPause(Duration.ofSeconds(10))
      .maxLentWorkers(88)
      .whenStarving(Starvation.COMPENSATE)
      .renewAfter(Duration.ofSeconds(11))
      .renewAfterTasks(99)
      .contextMode("cleared", ContextMode.CLEAR)
      .contextMode("detached", ContextMode.DETACH)
      .whenContextFails(ContextFailure.REFUSE)
      .detectContextLeaks(true)
      .foldFailures(false)
      .submitterTraces(ThreadPoolConfig.Traces.ON)
      .requirePlugins("required")
      .denyPlugins("denied")
      .stopsBefore("database")
      .build();

  @Test
  void z1_z2_readObject_givesAnEqualConfiguration_nameIncluded() throws Exception {
    assertEquals(CONFIG, read(written(CONFIG)));
    ThreadPoolConfig plain = ThreadPoolConfig.builder("plain").build();
    assertEquals(plain, read(written(plain)));
  }

  @Test
  void z3_writeObject_leavesTheOriginalAlone() throws Exception {
    String before = CONFIG.toString();
    written(CONFIG);
    assertEquals(before, CONFIG.toString());
  }

  @Test
  void readObject_failsInValidation_whenTheSizesAreReversed() throws Exception {
    byte[] forged = patched(written(CONFIG), intBytes(4242), intBytes(5354));
    assertRefused(
        "Pool 'serial': minWorkers must not be greater than maxWorkers, was 5354 with maxWorkers"
            + " 5353. Give both bounds in one call.",
        forged);
  }

  @Test
  void readObject_failsInValidation_whenTheMinimumIsNegative() throws Exception {
    byte[] forged = patched(written(CONFIG), intBytes(4242), intBytes(-1));
    assertRefused(
        "Pool 'serial': minWorkers must not be negative, was -1. Give 0 or more.", forged);
  }

  @Test
  void readObject_failsInValidation_whenTheNameIsHostile() throws Exception {
    byte[] forged = patched(written(CONFIG), text("serial"), text("se\nial"));
    assertRefused(
        "Pool name 'se?ial' cannot be used. Give 1 to 100 letters, digits, inner spaces or"
            + " . _ - : / @ + #, the first a letter or digit.",
        forged);
  }

  @Test
  void readObject_failsInValidation_whenThePluginNameIsHostile() throws Exception {
    byte[] forged = patched(written(CONFIG), text("my-threads"), text("../threads"));
    assertRefused(
        "Plugin name '../threads' cannot be used. Give lower-case words joined by hyphens,"
            + " such as my-threads.",
        forged);
  }

  @Test
  void readObject_failsInValidation_whenTheBoundIsNegative() throws Exception {
    byte[] forged = patched(written(CONFIG), intBytes(77), intBytes(-77));
    assertRefused(
        "Pool 'serial': backlogLimit must not be negative, was -77. Give 0 or more, or UNBOUNDED.",
        forged);
  }

  @Test
  void readObject_failsInValidation_whenTheLoanIsNegative() throws Exception {
    byte[] forged = patched(written(CONFIG), intBytes(88), intBytes(-88));
    assertRefused(
        "Pool 'serial': maxLentWorkers must be from 0 to 32767, was -88. Give 0 to lend none.",
        forged);
  }

  @Test
  void z1_everyOverflow_survivesTheStream() throws Exception {
    for (Overflow way : new Overflow[] {
      Overflow.refuse(),
      Overflow.runInCaller(),
      Overflow.discardOldest(),
      Overflow.discardSilently(),
      Overflow.block(Duration.ofDays(1))
    }) {
      ThreadPoolConfig config = CONFIG.toBuilder().whenFull(way).build();
      assertEquals(config, read(written(config)));
    }
  }

  @Test
  void readObject_failsInValidation_whenThereIsNoSuchTiming() throws Exception {
    byte[] forged = patched(written(CONFIG), text("\u0000\u0002ON"), text("\u0000\u0002NO"));
    var thrown = assertThrows(InvalidObjectException.class, () -> read(forged));
    assertTrue(
        thrown.getMessage().startsWith("The stream holds no valid ThreadPoolConfig: "),
        thrown::getMessage);
  }

  /** A stream cut anywhere fails as a stream does, and never gives half a configuration. */
  @Test
  void readObject_failsAsAStreamDoes_whenItIsTruncatedAnywhere() throws Exception {
    byte[] whole = written(CONFIG);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(IOException.class, () -> read(cut), () -> "cut to " + cut.length);
    }
  }

  /** Whatever single byte is changed: an exception of the stream's, or a configuration that is valid. */
  @Test
  void readObject_givesAValidConfigurationOrFails_whenAnyByteIsChanged() throws Exception {
    byte[] whole = written(CONFIG);
    for (int place = 0; place < whole.length; place++) {
      for (int mask : new int[] {0x01, 0x80, 0xFF}) {
        byte[] forged = whole.clone();
        forged[place] ^= (byte) mask;
        try {
          if (read(forged) instanceof ThreadPoolConfig config) {
            assertEquals(config, config.toBuilder().build());
          }
        } catch (IOException | ClassNotFoundException | RuntimeException refused) {
          // as it should be
        }
      }
    }
  }

  /** The number of another version, of the configuration's form in the stream: nothing is read from it. */
  @Test
  void fault27_readObject_refusesTheStream_whenItsSerialVersionIsAnother() throws Exception {
    byte[] stream = written(CONFIG);
    byte[] name = text(ThreadPoolConfig.class.getName() + "$Form");
    int behind = indexOf(stream, name) + name.length;
    byte[] forged = stream.clone();
    forged[behind + Long.BYTES - 1] ^= 1;
    var thrown = assertThrows(InvalidClassException.class, () -> read(forged));
    assertTrue(thrown.getMessage().contains("serialVersionUID"), thrown::getMessage);
  }

  private static int indexOf(byte[] stream, byte[] part) {
    for (int at = 0; at + part.length <= stream.length; at++) {
      if (Arrays.equals(stream, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("the stream does not hold what was looked for");
  }

  /** A stream that names the configuration itself, not its proxy, goes round every check. */
  @Test
  void readObject_refusesTheConfigurationItself_whenAStreamNamesIt() throws Exception {
    var bytes = new ByteArrayOutputStream();
    String name = ThreadPoolConfig.class.getName();
    var renaming = new ObjectOutputStream(bytes) {
      @Override
      protected void writeClassDescriptor(ObjectStreamClass described) throws IOException {
        writeUTF(described.getName().equals(Impostor.class.getName()) ? name : described.getName());
        writeLong(described.getSerialVersionUID());
        writeByte(2); // serializable, without a writeObject
        writeShort(0);
      }
    };
    renaming.writeObject(new Impostor());
    renaming.close();
    var thrown = assertThrows(InvalidObjectException.class, () -> read(bytes.toByteArray()));
    assertEquals(
        "A ThreadPoolConfig is read through its serialized form only", thrown.getMessage());
  }

  @Test
  void serializable_isNoOtherTypeOfThePackage_butExceptionsAndEnums() {
    assertFalse(Serializable.class.isAssignableFrom(ThreadPool.class));
    assertFalse(Serializable.class.isAssignableFrom(PoolStatistics.class));
    assertFalse(Serializable.class.isAssignableFrom(StopReport.class));
    assertFalse(Serializable.class.isAssignableFrom(PoolSizes.class));
    assertFalse(Serializable.class.isAssignableFrom(Outcome.class));
    assertFalse(Serializable.class.isAssignableFrom(Outcome.Success.class));
    assertFalse(Serializable.class.isAssignableFrom(Outcome.Failure.class));
  }

  private static final class Impostor implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  private static void assertRefused(String text, byte[] forged) {
    var thrown = assertThrows(InvalidObjectException.class, () -> read(forged));
    assertEquals("The stream holds no valid ThreadPoolConfig: " + text, thrown.getMessage());
    assertEquals(text, thrown.getCause().getMessage());
  }

  static byte[] written(Object object) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }

  private static byte[] intBytes(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns a copy in which the last place that holds {@code from} holds {@code to}. */
  private static byte[] patched(byte[] stream, byte[] from, byte[] to) {
    for (int at = stream.length - from.length; at >= 0; at--) {
      if (Arrays.equals(stream, at, at + from.length, from, 0, from.length)) {
        byte[] patched = stream.clone();
        System.arraycopy(to, 0, patched, at, to.length);
        return patched;
      }
    }
    throw new AssertionError("the stream does not hold what was to be patched");
  }
}
