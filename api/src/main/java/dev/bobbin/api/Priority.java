package dev.bobbin.api;

/**
 * How urgent a task is. Within a level the backlog is first in, first out; a worker prefers the
 * higher level, but turns to the lower ones often enough that none starves: of any eight tasks that
 * one worker takes while all levels wait, at least one is of a lower level than the highest.
 */
public enum Priority {
  /** Before all that is normal. */
  HIGH,
  /** The level of a task for which nothing is said. */
  NORMAL,
  /** When nothing more urgent waits, or its turn has come. */
  LOW
}
