package dev.bobbin.core;

/** Makes texts of objects that come from users, whatever their own methods do. */
final class Descriptions {
  private Descriptions() {}

  /** Returns the text of a task or plugin; its class alone if its own text cannot be had. */
  static String of(Object object) {
    if (object instanceof PoolTask task) {
      return task.description();
    }
    if (object instanceof Class<?> type) {
      return type.getName();
    }
    try {
      return String.valueOf(object.toString());
    } catch (Throwable thrown) {
      return object.getClass().getName();
    }
  }
}
