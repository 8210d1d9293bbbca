package dev.bobbin.core;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An errand that is set with the timer and may be called off, be it before the timer has it or after. */
abstract class AlarmErrand extends Errands.Errand {
  /** What was set with the timer, or {@link Ticket#NO_ALARM} once that is of no more use. */
  private final AtomicReference<@Nullable Alarm> alarm = new AtomicReference<>();

  AlarmErrand(Errands errands) {
    super(errands);
  }

  final void setAlarm(Alarm set) {
    if (!alarm.compareAndSet(null, set)) {
      set.cancel();
    }
  }

  final void cancel() {
    Alarm set = alarm.getAndSet(Ticket.NO_ALARM);
    if (set != null) {
      set.cancel();
    }
  }
}
