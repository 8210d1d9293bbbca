package dev.bobbin.examples.checksums;

import dev.bobbin.context.Context;
import dev.bobbin.context.ContextKey;
import dev.bobbin.spi.FailureReport;
import java.nio.file.Path;
import org.slf4j.MDC;

/**
 * What travels from the main thread to the workers: the id of the run and the folder. Both are put
 * where code finds them, in Bobbin's context, and where log lines find them, in the MDC; the pool
 * carries the two.
 */
final class RunContext {
  static final ContextKey<String> RUN = ContextKey.named("run");
  static final ContextKey<Path> FOLDER = ContextKey.named("folder");

  private RunContext() {}

  /** Returns what {@code body} returns, called inside the context of a run. */
  @SuppressWarnings("try") // the two are there to be closed
  static <T, X extends Throwable> T call(String run, Path folder, Context.Operation<T, X> body)
      throws X {
    try (var runField = MDC.putCloseable(RUN.name(), run);
        var folderField = MDC.putCloseable(FOLDER.name(), printable(folder))) {
      return Context.with(RUN, run).and(FOLDER, folder).call(body);
    }
  }

  /** Returns the file's path inside the folder of the run, fit for one line of a log. */
  static String shown(Path file) {
    Path folder = FOLDER.get();
    return printable(folder != null && file.startsWith(folder) ? folder.relativize(file) : file);
  }

  private static String printable(Path path) {
    return FailureReport.printable(path.toString());
  }
}
