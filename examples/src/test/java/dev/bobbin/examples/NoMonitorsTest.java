package dev.bobbin.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import dev.bobbin.context.Context;
import dev.bobbin.core.ThreadPools;
import dev.bobbin.logging.Slf4jFailureReporter;
import dev.bobbin.spi.Plugin;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Fault 30, "None has" 19: no monitor in the byte code of what we ship, neither a block nor a method.
 * On JDK 21 to 23 a virtual thread that waits in one, or for one, holds on to its carrier.
 */
class NoMonitorsTest {
  /** Tells of every monitor in a class file. */
  private static final class Finder extends ClassVisitor {
    private final List<String> found = new ArrayList<>();
    private String type = "";
    private int methods;

    Finder() {
      super(Opcodes.ASM9);
    }

    void read(InputStream in) throws IOException {
      new ClassReader(in).accept(this, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    }

    @Override
    public void visit(
        int version, int access, String name, String signature, String superName, String[] faces) {
      type = name.replace('/', '.');
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      methods++;
      String where = type + "." + name;
      if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
        found.add(where + " is synchronized");
      }
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitInsn(int opcode) {
          if (opcode == Opcodes.MONITORENTER || opcode == Opcodes.MONITOREXIT) {
            found.add(
                where + (opcode == Opcodes.MONITORENTER ? " enters" : " leaves") + " a monitor");
          }
        }
      };
    }
  }

  /** Reads all classes of the module that has this one, be it a folder or a jar. */
  private static Finder moduleOf(Class<?> type) throws Exception {
    URI place = type.getProtectionDomain().getCodeSource().getLocation().toURI();
    var finder = new Finder();
    if (Files.isDirectory(Path.of(place))) {
      readAll(Path.of(place), finder);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(Path.of(place), Map.of())) {
        readAll(jar.getPath("/"), finder);
      }
    }
    return finder;
  }

  private static void readAll(Path root, Finder finder) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".class")).toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          finder.read(in);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ThreadPool.class,
        Plugin.class,
        ThreadPools.class,
        Context.class,
        Slf4jFailureReporter.class
      })
  void fault30_noClassUsesAMonitor(Class<?> ofTheModule) throws Exception {
    Finder finder = moduleOf(ofTheModule);
    assertEquals(List.of(), finder.found);
    assertTrue(finder.methods > 10, () -> finder.methods + " methods seen in " + ofTheModule);
  }

  /** Has what must not be. */
  static final class WithMonitors {
    private int number;

    synchronized void method() {
      number++;
    }

    void block() {
      synchronized (this) {
        number++;
      }
    }

    static synchronized int ofTheClass() {
      return 0;
    }
  }

  @Test
  void monitors_areFound_whereThereAreSome() throws IOException {
    var finder = new Finder();
    String file = WithMonitors.class.getName().replace('.', '/') + ".class";
    try (InputStream in = WithMonitors.class.getClassLoader().getResourceAsStream(file)) {
      finder.read(in);
    }
    String name = WithMonitors.class.getName();
    assertEquals(
        List.of(
            name + ".method is synchronized",
            name + ".block enters a monitor",
            name + ".block leaves a monitor",
            name + ".block leaves a monitor",
            name + ".ofTheClass is synchronized"),
        finder.found);
  }
}
