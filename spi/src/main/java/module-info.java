/** What an author of plugins for Bobbin needs, and the thread factories and growth policies that come with it. */
// AutoService has no module descriptor; it is needed to compile only, never to run.
@SuppressWarnings("requires-automatic")
module dev.bobbin.spi {
  requires transitive dev.bobbin.api;
  requires static org.jspecify;
  requires static com.google.auto.service;

  exports dev.bobbin.spi;
  exports dev.bobbin.spi.growth;
  exports dev.bobbin.spi.threads;

  uses dev.bobbin.spi.WorkerThreadFactory;
  uses dev.bobbin.spi.ContextPropagator;
  uses dev.bobbin.spi.FailureReporter;
  uses dev.bobbin.spi.GrowthPolicy;
  uses dev.bobbin.spi.PoolListener;

  provides dev.bobbin.spi.WorkerThreadFactory with
      dev.bobbin.spi.threads.PlatformThreads,
      dev.bobbin.spi.threads.VirtualThreads;
  provides dev.bobbin.spi.GrowthPolicy with
      dev.bobbin.spi.growth.GrowAtOnce,
      dev.bobbin.spi.growth.GrowAfterWait,
      dev.bobbin.spi.growth.GrowAtLimitedRate;
}
