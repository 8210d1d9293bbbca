package dev.bobbin.examples.http;

import com.google.inject.Guice;
import com.google.inject.Inject;
import com.sun.net.httpserver.HttpServer;
import dev.bobbin.guice.Pool;
import dev.bobbin.guice.PoolOwner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The JDK's HTTP server with an injected pool as its executor; on the loopback address only. */
public final class HttpService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);

  private final Executor http;
  private final PrimesHandler primes;
  private final PoolOwner owner;
  private final HttpServer server;

  @Inject
  HttpService(@Pool("http") Executor http, PrimesHandler primes, PoolOwner owner)
      throws IOException {
    this.http = http;
    this.primes = primes;
    this.owner = owner;
    this.server = HttpServer.create();
  }

  /** Runs the service until the JVM is told to end. */
  public static void main(String[] args) {
    int exitCode = new CommandLine(new Program()).execute(args);
    if (exitCode != CommandLine.ExitCode.OK) {
      System.exit(exitCode);
    }
  }

  /** Begins to answer. Port 0 stands for any that is free. */
  void start(int port) throws IOException {
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(http);
    server.createContext("/primes", primes);
    owner.start();
    server.start();
    LOG.info("http://localhost:{}/primes?below=1000", port());
  }

  int port() {
    return server.getAddress().getPort();
  }

  /**
   * Answers the requests that were accepted, then stops. The pools drain, http before slow, so the
   * server has nothing to wait for; what comes meanwhile is not answered.
   */
  @Override
  public void close() {
    owner.close();
    server.stop(0);
  }

  /** The command line around the service. */
  @Command(name = "http-service", description = "Counts primes: GET /primes?below=1000.")
  private static final class Program implements Callable<Integer> {
    @Option(
        names = "--port",
        paramLabel = "N",
        defaultValue = "8080",
        description = "The port, on the loopback address. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Shows this text.")
    private boolean help;

    @Override
    public Integer call() throws IOException {
      var service = Guice.createInjector(new HttpServiceModule()).getInstance(HttpService.class);
      Runtime.getRuntime().addShutdownHook(new Thread(service::close, "http-service-close"));
      service.start(port);
      return CommandLine.ExitCode.OK;
    }
  }
}
