/** What an application needs to use a Bobbin pool: the pool, its configuration and its results. */
module dev.bobbin.api {
  requires static transitive org.jspecify;

  exports dev.bobbin.api;
}
