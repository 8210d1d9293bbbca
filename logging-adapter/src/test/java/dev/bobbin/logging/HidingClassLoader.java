package dev.bobbin.logging;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;

/**
 * Stands for a class path on which some libraries are missing: it loads the classes of this module and
 * of SLF4J anew, and finds neither classes nor service files of what is hidden.
 */
final class HidingClassLoader extends ClassLoader {
  private static final List<String> ANEW = List.of("dev.bobbin.logging.", "org.slf4j.");

  private final Set<String> hiddenClasses;
  private final Set<String> hiddenResources;

  private HidingClassLoader(Set<String> hiddenClasses, Set<String> hiddenResources) {
    super(HidingClassLoader.class.getClassLoader());
    this.hiddenClasses = hiddenClasses;
    this.hiddenResources = hiddenResources;
  }

  static ClassLoader withoutSlf4j() {
    return new HidingClassLoader(Set.of("org.slf4j."), Set.of());
  }

  /** What SLF4J 2 brought is missing. */
  static ClassLoader withSlf4jOne() {
    return new HidingClassLoader(Set.of("org.slf4j.spi.LoggingEventBuilder"), Set.of());
  }

  static ClassLoader withoutLoggingBackEnd() {
    return new HidingClassLoader(
        Set.of("ch.qos."), Set.of("META-INF/services/org.slf4j.spi.SLF4JServiceProvider"));
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      if (hiddenClasses.stream().anyMatch(name::startsWith)) {
        throw new ClassNotFoundException(name + " is hidden from this test");
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      return ANEW.stream().anyMatch(name::startsWith)
          ? define(name)
          : super.loadClass(name, resolve);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return hiddenResources.contains(name)
        ? Collections.emptyEnumeration()
        : super.getResources(name);
  }
}
