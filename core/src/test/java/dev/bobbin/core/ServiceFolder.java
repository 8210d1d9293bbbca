package dev.bobbin.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder on a class path of its own, with the service files that a test wants. */
public final class ServiceFolder {
  private final Path folder;

  /** Uses a folder that is the test's own. */
  public ServiceFolder(Path folder) {
    this.folder = folder;
  }

  /** Writes the lines of one service file. */
  public ServiceFolder with(Class<?> service, String... lines) {
    try {
      Path services = Files.createDirectories(folder.resolve("META-INF/services"));
      Files.write(services.resolve(service.getName()), List.of(lines));
      return this;
    } catch (IOException thrown) {
      throw new UncheckedIOException(thrown);
    }
  }

  /** Returns a loader that finds these files, and everything that the tests find. */
  public URLClassLoader loader() {
    return loader(ServiceFolder.class.getClassLoader());
  }

  /** Returns a loader that finds these files before those of its parent. */
  public URLClassLoader loader(ClassLoader parent) {
    try {
      return new URLClassLoader(new URL[] {folder.toUri().toURL()}, parent);
    } catch (MalformedURLException thrown) {
      throw new UncheckedIOException(thrown);
    }
  }
}
