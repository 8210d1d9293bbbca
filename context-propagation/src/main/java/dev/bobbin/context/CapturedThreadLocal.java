package dev.bobbin.context;

import dev.bobbin.spi.CapturedContext;
import java.util.Map;

/** The value of one thread-local, which most propagators carry, in less room than several take. */
final class CapturedThreadLocal implements CapturedContext {
  private final CarriedThreadLocal<?> local;

  private final Object value;

  CapturedThreadLocal(CarriedThreadLocal<?> local, Object value) {
    this.local = local;
    this.value = value;
  }

  @Override
  public void run(Runnable body) {
    Object before = local.present();
    Throwable failure = null;
    try {
      local.put(value);
      body.run();
    } catch (Throwable thrown) {
      failure = thrown;
    }
    try { // also if it could not be set: a change half done is undone as well
      local.putBack(before);
    } catch (Throwable thrown) {
      failure = Undo.join(failure, thrown);
    }
    Undo.rethrow(failure);
  }

  @Override
  public Map<String, String> describe() {
    return Map.of(local.key(), SafeText.of(value));
  }
}
