package dev.bobbin.examples.http;

import com.google.inject.AbstractModule;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.guice.ThreadPoolModule;

/** Wires the service. */
final class HttpServiceModule extends AbstractModule {
  @Override
  protected void configure() {
    // Requests use slow work, so their pool is the first to stop.
    install(ThreadPoolModule.builder()
        .pool(ThreadPoolConfig.builder("http")
            .minWorkers(2)
            .maxWorkers(8)
            .stopsBefore("slow")
            .build())
        .pool(ThreadPoolConfig.builder("slow").minWorkers(0).maxWorkers(4).build())
        .build());
    bind(Primes.class);
    bind(PrimesHandler.class);
    bind(HttpService.class);
  }
}
