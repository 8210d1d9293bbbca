package dev.bobbin.guice;

import dev.bobbin.api.ThreadPoolConfig;

/** Makes {@link Pool} annotations, for keys that are written in code. */
public final class Pools {
  private Pools() {}

  /**
   * Returns the annotation {@code @Pool(name)}, equal to one written in source.
   *
   * <pre>{@code
   * Key<ThreadPool> io = Key.get(ThreadPool.class, Pools.named("io"));
   * }</pre>
   *
   * @throws IllegalArgumentException if no pool can have that name
   */
  public static Pool named(String name) {
    ThreadPoolConfig.builder(name); // has the rule for names
    return new PoolAnnotation(name);
  }
}
