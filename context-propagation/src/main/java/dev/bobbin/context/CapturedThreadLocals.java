package dev.bobbin.context;

import dev.bobbin.spi.CapturedContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of some thread-locals, taken on one thread to be set on another: all or none of them, in
 * order, and put back in reverse.
 */
final class CapturedThreadLocals implements CapturedContext {
  private final Carried[] locals;

  /** One for each of {@link #locals}, in their order; null where the thread had no value. */
  private final @Nullable Object[] values;

  /** Keeps the arrays, which nobody may change any more. */
  CapturedThreadLocals(Carried[] locals, @Nullable Object[] values) {
    this.locals = locals;
    this.values = values;
  }

  @Override
  public void run(Runnable body) {
    var before = new @Nullable Object[values.length];
    int touched = 0;
    Throwable failure = null;
    try {
      while (touched < values.length) {
        Carried local = locals[touched];
        before[touched] = local.present();
        touched++; // before the change, so that a change half done is undone as well
        local.put(values[touched - 1]);
      }
      body.run();
    } catch (Throwable thrown) {
      failure = thrown;
    }
    while (touched > 0) {
      touched--;
      try {
        locals[touched].putBack(before[touched]);
      } catch (Throwable thrown) {
        failure = Undo.join(failure, thrown);
      }
    }
    Undo.rethrow(failure);
  }

  @Override
  public Map<String, String> describe() {
    var texts = new LinkedHashMap<String, String>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        texts.put(locals[i].key(), SafeText.of(values[i]));
      }
    }
    return Collections.unmodifiableMap(texts);
  }
}
