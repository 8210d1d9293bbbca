package dev.bobbin.examples.checksums;

import com.google.inject.AbstractModule;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.guice.ThreadPoolModule;

/** Wires the program. Propagators and failure reporters are found on the class path. */
final class ChecksumsModule extends AbstractModule {
  private final ThreadPoolConfig digest;

  ChecksumsModule(ThreadPoolConfig digest) {
    this.digest = digest;
  }

  @Override
  protected void configure() {
    install(ThreadPoolModule.builder().pool(digest).build());
    bind(Hasher.class).to(Sha256.class);
    bind(ChecksumRun.class);
  }
}
