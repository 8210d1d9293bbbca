package dev.bobbin.core;

import dev.bobbin.api.ThreadPool;
import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps what pools log through {@link System.Logger}, and keeps it from the console. */
final class CapturedLogs extends Handler implements AutoCloseable {
  /** Strongly, since the JDK holds loggers weakly. */
  private final Logger logger = Logger.getLogger(ThreadPool.class.getName());

  private final List<String> lines = new CopyOnWriteArrayList<>();

  CapturedLogs() {
    setLevel(Level.ALL);
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  /** Returns level and text of what was logged, in its order. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void publish(LogRecord logged) {
    Object[] parameters = logged.getParameters();
    String text = parameters == null || parameters.length == 0
        ? logged.getMessage()
        : MessageFormat.format(logged.getMessage(), parameters);
    lines.add(logged.getLevel() + " " + text);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
