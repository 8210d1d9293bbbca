package dev.bobbin.core;

import org.jspecify.annotations.Nullable;

/** Makes texts of objects that come from users, whatever their own methods do. */
final class Descriptions {
  private Descriptions() {}

  /** Returns the text of a task with this work: the name that was asked for it, if one was. */
  static String of(@Nullable Ticket ticket, Object work) {
    String name = ticket == null ? null : ticket.terms.name();
    return name == null ? of(work) : name;
  }

  /** Returns the callback of a task, or, if a name was asked for the task, a text of both. */
  static Object ofCallback(Object callback, PoolTask task) {
    Ticket ticket = task.ticket();
    String name = ticket == null ? null : ticket.terms.name();
    return name == null ? callback : "callback " + of(callback) + " of " + name;
  }

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
