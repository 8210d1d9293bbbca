package dev.bobbin.core;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;

/** Calls what it is given, as a class of an application that has a loader of its own. */
public final class ForeignCaller implements Consumer<Runnable> {
  /** Called by {@link #call}. */
  public ForeignCaller() {}

  @Override
  public void accept(Runnable action) {
    action.run();
  }

  /** Has another class of this name do this, on the calling thread; returns its loader. */
  @SuppressWarnings("unchecked") // a class of that name is one
  static WeakReference<ClassLoader> call(Runnable action) throws Exception {
    var loader = new Loader();
    Class<?> caller = loader.loadClass(ForeignCaller.class.getName());
    ((Consumer<Runnable>) caller.getConstructor().newInstance()).accept(action);
    return new WeakReference<>(loader);
  }

  /** Has a class of its own of that one name, and all others of the loader above. */
  private static final class Loader extends ClassLoader {
    Loader() {
      super(ForeignCaller.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(ForeignCaller.class.getName())) {
        return super.loadClass(name, resolve);
      }
      try (InputStream file =
          requireNonNull(ForeignCaller.class.getResourceAsStream("ForeignCaller.class"))) {
        byte[] code = file.readAllBytes();
        return defineClass(name, code, 0, code.length);
      } catch (IOException unread) {
        throw new ClassNotFoundException(name, unread);
      }
    }
  }
}
