package dev.bobbin.examples.http;

import java.util.BitSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The slow work: counts prime numbers. Knows nothing of HTTP, nor of who asks. */
class Primes {
  private static final Logger LOG = LoggerFactory.getLogger(Primes.class);

  /** Returns how many primes there are below {@code limit}. */
  int countBelow(int limit) {
    var composite = new BitSet(limit);
    int count = 0;
    for (int n = 2; n < limit; n++) {
      if (!composite.get(n)) {
        count++;
        for (long multiple = (long) n * n; multiple < limit; multiple += n) {
          composite.set((int) multiple);
        }
      }
    }
    LOG.info("below {} there are {} primes, trace {}", limit, count, RequestContext.traceId());
    return count;
  }
}
