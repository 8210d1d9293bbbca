package dev.bobbin.core;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;

/** Work that a pool gave up, in a form in which anybody can run it; its value is dropped. */
final class BareCall implements Runnable {
  private final Callable<?> work;

  BareCall(Callable<?> work) {
    this.work = work;
  }

  @Override
  public void run() {
    try {
      work.call();
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Exception thrown) {
      throw new CompletionException(thrown);
    }
  }

  @Override
  public String toString() {
    return Descriptions.of(work);
  }
}
