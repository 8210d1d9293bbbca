package dev.bobbin.core;

/** Something that a timer is to do at its time. */
interface Alarm {
  /** Lets it be, unless its time has come. */
  void cancel();
}
