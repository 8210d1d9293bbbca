package dev.bobbin.core;

import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.GrowthAnswer;
import dev.bobbin.spi.GrowthDecider;
import dev.bobbin.spi.GrowthPolicy;
import dev.bobbin.spi.GrowthRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A growth policy that answers what a test tells it, and keeps what it was asked. Safe for many threads. */
final class HandPolicy implements GrowthPolicy, GrowthDecider {
  private final List<GrowthRequest> requests = new CopyOnWriteArrayList<>();

  /** Guarded by itself. */
  private final Deque<Function<GrowthRequest, @Nullable GrowthAnswer>> next = new ArrayDeque<>();

  private volatile Function<GrowthRequest, @Nullable GrowthAnswer> otherwise =
      request -> GrowthAnswer.now();
  private volatile @Nullable GrowthAnswer last;
  private boolean asksForWaits;

  static Function<GrowthRequest, @Nullable GrowthAnswer> now() {
    return request -> GrowthAnswer.now();
  }

  static Function<GrowthRequest, @Nullable GrowthAnswer> no() {
    return request -> GrowthAnswer.no();
  }

  static Function<GrowthRequest, @Nullable GrowthAnswer> later(long nanos) {
    return request -> GrowthAnswer.notBefore(Duration.ofNanos(nanos));
  }

  /** Answers so from now on. */
  HandPolicy answer(Function<GrowthRequest, @Nullable GrowthAnswer> answer) {
    otherwise = answer;
    return this;
  }

  /** Answers so once, before what was said by {@link #answer}; the first said is the first answered. */
  HandPolicy answerOnce(Function<GrowthRequest, @Nullable GrowthAnswer> answer) {
    synchronized (next) {
      next.add(answer);
    }
    return this;
  }

  HandPolicy asksForWaits(boolean asks) {
    asksForWaits = asks;
    return this;
  }

  /** Returns how often it was asked. */
  int asked() {
    return requests.size();
  }

  List<GrowthRequest> requests() {
    return requests;
  }

  boolean saidNo() {
    return GrowthAnswer.no().equals(last);
  }

  @Override
  public String name() {
    return "by-hand";
  }

  @Override
  public GrowthDecider forPool(ThreadPoolConfig config) {
    return this;
  }

  @Override
  @SuppressWarnings("NullAway") // to answer null is one of its faults
  public GrowthAnswer mayGrow(GrowthRequest request) {
    requests.add(request);
    Function<GrowthRequest, @Nullable GrowthAnswer> answer;
    synchronized (next) {
      answer = next.isEmpty() ? otherwise : next.remove();
    }
    GrowthAnswer given = answer.apply(request);
    last = given;
    return given;
  }

  @Override
  public boolean asksForWaits() {
    return asksForWaits;
  }
}
