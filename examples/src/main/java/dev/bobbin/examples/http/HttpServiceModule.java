package dev.bobbin.examples.http;

import com.google.inject.AbstractModule;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.guice.TaskScopeModule;
import dev.bobbin.guice.ThreadPoolModule;

/** Wires the service. */
final class HttpServiceModule extends AbstractModule {
  @Override
  protected void configure() {
    // Requests use slow work, and that is audited: so they stop in this order.
    install(ThreadPoolModule.builder()
        .pool(ThreadPoolConfig.builder("http")
            .minWorkers(2)
            .maxWorkers(8)
            .stopsBefore("slow")
            .build())
        .pool(ThreadPoolConfig.builder("slow")
            .minWorkers(0)
            .maxWorkers(4)
            .stopsBefore("audit")
            .build())
        .pool(ThreadPoolConfig.builder("audit").minWorkers(0).maxWorkers(1).build())
        .build());
    install(new TaskScopeModule());
    bind(Primes.class);
    bind(Audit.class);
    bind(RequestRecord.class);
    bind(PrimesHandler.class);
    bind(HttpService.class);
  }
}
