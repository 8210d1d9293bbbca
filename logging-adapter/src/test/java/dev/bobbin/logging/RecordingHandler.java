package dev.bobbin.logging;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** Keeps what java.util.logging writes. */
final class RecordingHandler extends Handler {
  final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void publish(LogRecord record) {
    records.add(record);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
