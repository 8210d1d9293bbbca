package dev.bobbin.context;

import dev.bobbin.spi.CapturedContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of some thread-locals, taken on one thread to be set on another. */
final class CapturedThreadLocals implements CapturedContext {
  private final List<CarriedThreadLocal<?>> locals;

  /** One for each of {@link #locals}, in their order; null where the thread had no value. */
  private final @Nullable Object[] values;

  CapturedThreadLocals(List<CarriedThreadLocal<?>> locals, @Nullable Object[] values) {
    this.locals = locals;
    this.values = values;
  }

  @Override
  public void run(Runnable body) {
    Undo.after(undo -> {
      for (int i = 0; i < values.length; i++) {
        locals.get(i).install(values[i], undo);
      }
      body.run();
    });
  }

  @Override
  public Map<String, String> describe() {
    var texts = new LinkedHashMap<String, String>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        texts.put(locals.get(i).key(), SafeText.of(values[i]));
      }
    }
    return Collections.unmodifiableMap(texts);
  }
}
