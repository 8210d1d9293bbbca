package dev.bobbin.examples.checksums;

import java.io.Console;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how many files are done: with a bar on a terminal, else not at all. For the main thread. */
interface Progress extends AutoCloseable {
  /** Counts one more file. */
  void step();

  @Override
  void close();

  /** Returns what suits the place where this JVM runs. */
  static Progress of(int files) {
    return isTerminal(System.console()) ? bar(files, System.err) : none();
  }

  static Progress none() {
    return new Progress() {
      @Override
      public void step() {}

      @Override
      public void close() {}
    };
  }

  static Progress bar(int files, PrintStream out) {
    ProgressBar bar = new ProgressBarBuilder()
        .setTaskName("SHA-256")
        .setInitialMax(files)
        .setUnit(" files", 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(100)
        .setConsumer(new ConsoleProgressBarConsumer(out))
        .build();
    return new Progress() {
      @Override
      public void step() {
        bar.step();
      }

      @Override
      public void close() {
        bar.close();
      }
    };
  }

  /** Returns whether it is a terminal; newer JDKs have a console even where there is none. */
  private static boolean isTerminal(@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException olderJdk) {
      return true;
    } catch (ReflectiveOperationException unknown) {
      return false;
    }
  }
}
