package dev.bobbin.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps what one logger is told, and off the console, until closed. */
public final class LogCapture extends Handler implements AutoCloseable {
  private final Logger logger;
  private final boolean useParentHandlers;
  private final Level level;
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  /** Begins with everything from debug on that the logger of this class is told. */
  public LogCapture(Class<?> owner) {
    this.logger = Logger.getLogger(owner.getName());
    this.useParentHandlers = logger.getUseParentHandlers();
    this.level = logger.getLevel();
    logger.setUseParentHandlers(false);
    logger.setLevel(Level.FINE);
    logger.addHandler(this);
  }

  /** Returns the messages of this level so far. */
  public List<String> messages(Level wanted) {
    return records.stream()
        .filter(entry -> entry.getLevel().equals(wanted))
        .map(LogRecord::getMessage)
        .toList();
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
    logger.setLevel(level);
    logger.setUseParentHandlers(useParentHandlers);
  }
}
