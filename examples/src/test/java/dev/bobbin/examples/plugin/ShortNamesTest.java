package dev.bobbin.examples.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.core.Plugins;
import dev.bobbin.core.ThreadPools;
import dev.bobbin.spi.WorkerThreadFactory;
import dev.bobbin.spi.WorkerThreadSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortNamesTest {
  private static final String CLASS_FILE = ShortNames.class.getName().replace('.', '/') + ".class";
  private static final String SERVICE_FILE =
      "META-INF/services/" + WorkerThreadFactory.class.getName();

  @Test
  void serviceLoader_findsIt() {
    List<String> names = ServiceLoader.load(WorkerThreadFactory.class).stream()
        .map(provider -> provider.get().name())
        .toList();

    assertTrue(names.contains("short-names"), names.toString());
  }

  @Test
  void example_printsTheNames() {
    PrintStream before = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      ShortNamesExample.main(new String[0]);
    } finally {
      System.setOut(before);
    }

    assertEquals(
        List.of("image-thumbna-0", "image-thumbna-1"),
        printed.toString(StandardCharsets.UTF_8).lines().toList());
  }

  @ParameterizedTest
  @CsvSource({
    "mail, 0, mail-0",
    "image-thumbnails, 0, image-thumbna-0",
    "image-thumbnails, 12345, image-thu-12345",
    "x, 2147483647, x-2147483647",
  })
  void name_isAtMost15Characters_andHasTheNumber(String pool, String k, String expected) {
    Thread thread = newThread(WorkerThreadSettings.builder(pool, "PoolThread-" + pool + "-" + k));

    assertEquals(expected, thread.getName());
  }

  @Test
  void thread_isAsThePoolWantsIt() {
    var loader = new ClassLoader(null) {};

    Thread thread = newThread(WorkerThreadSettings.builder("p", "PoolThread-p-0")
        .daemon(true)
        .priority(3)
        .contextClassLoader(loader));

    assertTrue(thread.isDaemon());
    assertEquals(3, thread.getPriority());
    assertSame(loader, thread.getContextClassLoader());
    assertEquals(Thread.State.NEW, thread.getState());
  }

  @Test
  void pool_usesIt_whenItIsInAJarOfItsOwn(@TempDir Path folder) throws Exception {
    Path jar = folder.resolve("short-names.jar");
    writeJar(jar);
    var config = ThreadPoolConfig.builder("mail").threadFactory("short-names").build();

    try (var loader = new PluginLoader(jar)) {
      Plugins plugins = Plugins.builder().classLoader(loader).build();
      try (var pool = ThreadPools.builder(config).plugins(plugins).start()) {
        Callable<String> name = () -> Thread.currentThread().getName();
        assertTrue(pool.submit(name).get(60, TimeUnit.SECONDS).startsWith("mail-"));
      }
      Class<?> loaded = loader.loadClass(ShortNames.class.getName());
      assertNotSame(ShortNames.class, loaded);
    }
  }

  @Test
  void discovery_doesNotFindIt_whenItsJarIsMissing(@TempDir Path folder) throws Exception {
    try (var empty = new PluginLoader(folder)) {
      String found = Plugins.builder().classLoader(empty).build().toString();
      assertFalse(found.contains("short-names"), found);
    }
  }

  private static Thread newThread(WorkerThreadSettings.Builder settings) {
    return new ShortNames().newThread(settings.build(), () -> {});
  }

  /** Writes a jar of the class and of what the annotation processor made of it. */
  private static void writeJar(Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file)) {
      for (String name : List.of(CLASS_FILE, SERVICE_FILE)) {
        out.putNextEntry(new JarEntry(name));
        try (InputStream in = compiled(name)) {
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
  }

  private static InputStream compiled(String name) throws IOException {
    URL root = ShortNames.class.getProtectionDomain().getCodeSource().getLocation();
    try (var here = new URLClassLoader(new URL[] {root}, null)) {
      URL found = here.findResource(name);
      assertNotNull(found, name);
      return found.openStream();
    }
  }

  /** Sees the plugin in its jar, and of this test's class path all but the plugin. */
  private static final class PluginLoader extends URLClassLoader {
    PluginLoader(Path jar) throws IOException {
      super(new URL[] {jar.toUri().toURL()}, ShortNamesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (!name.equals(ShortNames.class.getName())) {
          return super.loadClass(name, resolve);
        }
        Class<?> known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return findResources(name);
    }
  }
}
