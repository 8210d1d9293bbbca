package dev.bobbin.examples.http;

import com.google.inject.Inject;
import com.google.inject.Provider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps account of what was answered, when that is done and nobody waits any more. */
class Audit {
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

  private final Provider<RequestRecord> record;

  @Inject
  Audit(Provider<RequestRecord> record) {
    this.record = record;
  }

  /** Takes one answer into account. */
  void enter(int limit) {
    LOG.info("below {} is in the books, trace {}", limit, RequestContext.traceId());
    record.get().note("audited " + RequestContext.REQUEST.get());
  }
}
