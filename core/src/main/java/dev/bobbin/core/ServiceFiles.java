package dev.bobbin.core;

import dev.bobbin.spi.FailureReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds out which service file is to blame; read only when something is wrong. */
final class ServiceFiles {
  private ServiceFiles() {}

  /**
   * Returns the service files, as words, that list a class named in {@code failure}; all service
   * files of that type if none does.
   */
  static String listing(Class<?> service, String failure, ClassLoader loader) {
    var all = new ArrayList<String>();
    var guilty = new ArrayList<String>();
    try {
      for (URL file :
          Collections.list(loader.getResources("META-INF/services/" + service.getName()))) {
        String shown = FailureReport.printable(file.toString());
        all.add(shown);
        if (classesIn(file).stream().anyMatch(failure::contains)) {
          guilty.add(shown);
        }
      }
    } catch (IOException | RuntimeException unreadable) {
      return all.isEmpty() ? "a service file" : String.join(" or ", all);
    }
    return String.join(" or ", guilty.isEmpty() ? all : guilty);
  }

  private static List<String> classesIn(URL file) throws IOException {
    URLConnection connection = file.openConnection();
    connection.setUseCaches(false); // a cached jar would stay open
    try (var lines = new BufferedReader(
        new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(name -> !name.isEmpty())
          .toList();
    }
  }
}
