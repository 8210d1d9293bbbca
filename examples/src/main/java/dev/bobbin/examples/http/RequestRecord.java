package dev.bobbin.examples.http;

import dev.bobbin.guice.TaskScoped;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was done for one request: the same object in each of its tasks, on whichever pool. It is told when
 * the last of them is over.
 */
@TaskScoped(inherited = true)
class RequestRecord implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestRecord.class);

  private final Queue<String> steps = new ConcurrentLinkedQueue<>();

  /** Notes what was done. */
  void note(String step) {
    steps.add(step);
  }

  @Override
  public void close() {
    LOG.info("{}", String.join(", ", steps));
  }
}
