package dev.bobbin.examples;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Keeps what a logger and those below it are given, as long as it is open; nothing is printed. */
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger;
  private final Level levelBefore;
  private final boolean additiveBefore;
  private final ConcurrentLinkedQueue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

  private LogCapture(Logger logger) {
    this.logger = logger;
    this.levelBefore = logger.getLevel();
    this.additiveBefore = logger.isAdditive();
  }

  public static LogCapture of(String name, Level level) {
    var logger = (Logger) LoggerFactory.getLogger(name);
    var capture = new LogCapture(logger);
    capture.start();
    logger.setLevel(level);
    logger.setAdditive(false);
    logger.addAppender(capture);
    return capture;
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing(); // the MDC is that of this thread, and of now
    events.add(event);
  }

  public List<ILoggingEvent> events() {
    return List.copyOf(events);
  }

  public List<String> messages() {
    return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setLevel(levelBefore);
    logger.setAdditive(additiveBefore);
    stop();
  }
}
