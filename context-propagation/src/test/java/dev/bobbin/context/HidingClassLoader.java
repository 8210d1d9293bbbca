package dev.bobbin.context;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Set;

/**
 * Stands for a class path on which some libraries are missing: it loads the classes of this module, and
 * some others, anew, and finds neither classes nor service files of what is hidden.
 */
final class HidingClassLoader extends ClassLoader {
  private final Set<String> anew;
  private final Set<String> hiddenClasses;
  private final Set<String> hiddenResources;

  private HidingClassLoader(
      Set<String> anew, Set<String> hiddenClasses, Set<String> hiddenResources) {
    super(HidingClassLoader.class.getClassLoader());
    this.anew = anew;
    this.hiddenClasses = hiddenClasses;
    this.hiddenResources = hiddenResources;
  }

  /** Finds no class whose name begins so. */
  static ClassLoader without(String hidden) {
    return new HidingClassLoader(Set.of("dev.bobbin.context."), Set.of(hidden), Set.of());
  }

  static ClassLoader withoutLoggingBackEnd() {
    return new HidingClassLoader(
        Set.of("dev.bobbin.context.", "org.slf4j."),
        Set.of("ch.qos."),
        Set.of("META-INF/services/org.slf4j.spi.SLF4JServiceProvider"));
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
      return anew.stream().anyMatch(name::startsWith)
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
