package dev.bobbin.examples.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bobbin.api.ThreadPool;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A service of two methods whose messages are plain text, and a channel to it. */
final class Echo implements AutoCloseable {
  private static final MethodDescriptor<String, String> ASK = method(MethodType.UNARY, "Ask");
  private static final MethodDescriptor<String, String> TALK =
      method(MethodType.BIDI_STREAMING, "Talk");

  /** The thread on which the server was told of a cancelled call. */
  final CompletableFuture<String> cancelled = new CompletableFuture<>();

  private final Server server;
  private final ManagedChannel channel;

  Echo(ThreadPool pool, ThreadPool clients, UnaryOperator<String> reply) {
    String name = InProcessServerBuilder.generateName();
    server = InProcessServerBuilder.forName(name)
        .executor(pool)
        .addService(ServerServiceDefinition.builder("Echo")
            .addMethod(ASK, ServerCalls.asyncUnaryCall((text, answers) -> {
              answers.onNext(reply.apply(text));
              answers.onCompleted();
            }))
            .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(answers -> {
              ((ServerCallStreamObserver<String>) answers)
                  .setOnCancelHandler(() -> cancelled.complete(SharedPool.here()));
              return new Talker(answers, reply);
            }))
            .build())
        .build();
    try {
      server.start();
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
    channel = InProcessChannelBuilder.forName(name).executor(clients).build();
  }

  private static MethodDescriptor<String, String> method(MethodType type, String name) {
    return MethodDescriptor.newBuilder(Text.UTF_8, Text.UTF_8)
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("Echo", name))
        .build();
  }

  Future<String> ask(String text) {
    return ClientCalls.futureUnaryCall(channel.newCall(ASK, CallOptions.DEFAULT), text);
  }

  String askAndWait(String text) {
    return ClientCalls.blockingUnaryCall(channel, ASK, CallOptions.DEFAULT, text);
  }

  StreamObserver<String> talk(StreamObserver<String> answers) {
    return ClientCalls.asyncBidiStreamingCall(channel.newCall(TALK, CallOptions.DEFAULT), answers);
  }

  void end() throws InterruptedException {
    close();
    assertTrue(channel.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
    assertTrue(server.awaitTermination(Held.LONG_SECONDS, TimeUnit.SECONDS));
  }

  @Override
  public void close() {
    channel.shutdown();
    server.shutdown();
  }

  /** The server's side of a conversation. */
  private record Talker(StreamObserver<String> answers, UnaryOperator<String> reply)
      implements StreamObserver<String> {
    @Override
    public void onNext(String text) {
      answers.onNext(reply.apply(text));
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onCompleted() {
      answers.onCompleted();
    }
  }

  /** Messages that are text: what a generator makes of a schema otherwise. */
  private enum Text implements MethodDescriptor.Marshaller<String> {
    UTF_8;

    @Override
    public InputStream stream(String text) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream text) {
      try {
        return new String(text.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException never) {
        throw new UncheckedIOException(never);
      }
    }
  }
}
