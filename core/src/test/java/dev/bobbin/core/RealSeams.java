package dev.bobbin.core;

import org.jspecify.annotations.Nullable;

/** The machine itself, without a watch over forgotten pools; a test puts itself in the place of a part. */
class RealSeams extends Machine {
  RealSeams() {
    super(Timer.SHARED);
  }

  @Override
  public ForgottenPools.@Nullable Trace watch(Pool pool, PoolHost host) {
    return null;
  }
}
