package dev.bobbin.core;

import dev.bobbin.spi.PoolListener;
import dev.bobbin.spi.RefusalEvent;
import dev.bobbin.spi.ResizeEvent;
import dev.bobbin.spi.StateEvent;
import dev.bobbin.spi.TaskEvent;
import dev.bobbin.spi.WorkerEvent;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Keeps every event that it is told, with the thread that told it, and then does what a test wants. */
class RecordingListener implements PoolListener {
  /** The methods of a listener. */
  enum Call {
    SUBMITTED,
    TAKEN,
    ENDED,
    REFUSED,
    WORKER_CAME,
    WORKER_WENT,
    RESIZED,
    STATE_CHANGED
  }

  /** One event. */
  record Told(Call call, Object event, Thread thread) {
    TaskEvent task() {
      return (TaskEvent) event;
    }
  }

  private final Queue<Told> told = new ConcurrentLinkedQueue<>();
  private final String name;
  private final Consumer<Told> reaction;

  RecordingListener() {
    this("recording", event -> {});
  }

  RecordingListener(String name, Consumer<Told> reaction) {
    this.name = name;
    this.reaction = reaction;
  }

  @Override
  public String name() {
    return name;
  }

  private void tell(Call call, Object event) {
    var entry = new Told(call, event, Thread.currentThread());
    told.add(entry);
    reaction.accept(entry);
  }

  @Override
  public void submitted(TaskEvent event) {
    tell(Call.SUBMITTED, event);
  }

  @Override
  public void taken(TaskEvent event) {
    tell(Call.TAKEN, event);
  }

  @Override
  public void ended(TaskEvent event) {
    tell(Call.ENDED, event);
  }

  @Override
  public void refused(RefusalEvent event) {
    tell(Call.REFUSED, event);
  }

  @Override
  public void workerCame(WorkerEvent event) {
    tell(Call.WORKER_CAME, event);
  }

  @Override
  public void workerWent(WorkerEvent event) {
    tell(Call.WORKER_WENT, event);
  }

  @Override
  public void resized(ResizeEvent event) {
    tell(Call.RESIZED, event);
  }

  @Override
  public void stateChanged(StateEvent event) {
    tell(Call.STATE_CHANGED, event);
  }

  /** Returns all that was told, in the order of the telling. */
  List<Told> told() {
    return List.copyOf(told);
  }

  List<Told> told(Call call) {
    return stream(call).toList();
  }

  /** Returns the lines of the events of one kind. */
  List<String> lines(Call call) {
    return stream(call).map(entry -> entry.event().toString()).toList();
  }

  /** Returns how many tasks have ended so. */
  long ended(TaskEvent.Ending how) {
    return stream(Call.ENDED)
        .filter(entry -> entry.task().ending().orElseThrow() == how)
        .count();
  }

  private Stream<Told> stream(Call call) {
    return told.stream().filter(entry -> entry.call() == call);
  }
}
