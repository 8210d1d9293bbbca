package dev.bobbin.examples.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps what is logged through {@code java.util.logging} below a name, instead of printing it. */
final class JulCapture extends Handler implements AutoCloseable {
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final Logger logger; // held, since loggers are kept weakly

  private JulCapture(Logger logger) {
    this.logger = logger;
  }

  static JulCapture of(String name) {
    Logger logger = Logger.getLogger(name);
    var capture = new JulCapture(logger);
    logger.setUseParentHandlers(false);
    logger.addHandler(capture);
    return capture;
  }

  /** Returns what was thrown, where exactly one record tells of a throwable. */
  Throwable only() {
    List<Throwable> thrown = thrown();
    assertEquals(1, thrown.size(), thrown::toString);
    return thrown.get(0);
  }

  /** Returns what was thrown, in the order of the records. */
  List<Throwable> thrown() {
    return records.stream().map(LogRecord::getThrown).toList();
  }

  @Override
  public void publish(LogRecord entry) {
    records.add(entry);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
