package dev.bobbin.examples.http;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.google.inject.Guice;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import dev.bobbin.examples.LogCapture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpServiceTest {
  private static final int REQUESTS = 10_000;
  private static final int AT_ONCE = 64;
  private static final Pattern LIMIT = Pattern.compile("below[= ](\\d+)");

  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * Each request has a limit of its own, which is in each of its log lines and tells its id and its trace; and
   * a record, which all its tasks have written to.
   */
  @Test
  void everyLogLine_bearsTheContextOfItsRequest_amongTenThousand_throughThreePools()
      throws Exception {
    var answers = new ConcurrentLinkedQueue<HttpResponse<String>>();
    try (var log = LogCapture.of("dev.bobbin.examples.http", Level.INFO)) {
      try (var service = started(new HttpServiceModule())) {
        sendAll(service, answers);
      }

      assertEquals(REQUESTS, answers.size());
      for (HttpResponse<String> answer : answers) {
        String limit = limitIn(answer.uri().toString());
        assertEquals(200, answer.statusCode());
        assertEquals("id-" + limit, answer.headers().firstValue("X-Request-Id").orElseThrow());
      }
      List<ILoggingEvent> lines = log.events().stream()
          .filter(line -> !line.getLoggerName().endsWith(".HttpService"))
          .filter(line -> !line.getLoggerName().endsWith(".RequestRecord"))
          .toList();
      assertEquals(4 * REQUESTS, lines.size());
      for (ILoggingEvent line : lines) {
        String limit = limitIn(line.getFormattedMessage());
        assertEquals(
            Map.of("request", "id-" + limit), line.getMDCPropertyMap(), line::getFormattedMessage);
        assertTrue(
            line.getFormattedMessage().endsWith(", trace " + traceOf(limit)),
            line::getFormattedMessage);
      }
      Map<String, Long> byPool = lines.stream()
          .collect(groupingBy(line -> line.getThreadName().split("-")[1], counting()));
      assertEquals(
          Map.of("http", (long) REQUESTS, "slow", 2L * REQUESTS, "audit", (long) REQUESTS), byPool);
      List<String> records = log.events().stream()
          .filter(line -> line.getLoggerName().endsWith(".RequestRecord"))
          .map(ILoggingEvent::getFormattedMessage)
          .sorted()
          .toList();
      List<String> expected = IntStream.rangeClosed(1, REQUESTS)
          .mapToObj(limit -> "handled id-%1$d, counted id-%1$d, audited id-%1$d".formatted(limit))
          .sorted()
          .toList();
      assertEquals(expected, records);
    }
  }

  @Test
  void answer_isTheNumberOfPrimes() throws Exception {
    try (var log = LogCapture.of("dev.bobbin.examples.http", Level.INFO);
        var service = started(new HttpServiceModule())) {
      HttpResponse<String> answer = send(request(service, "below=1000").build());

      assertEquals(200, answer.statusCode());
      assertEquals("168\n", answer.body());
      assertEquals(
          List.of(
              "http://localhost:" + service.port() + "/primes?below=1000",
              "GET /primes?below=1000, trace 00000000000000000000000000000000",
              "below 1000 there are 168 primes, trace 00000000000000000000000000000000"),
          log.messages().subList(0, 3));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, below=ten, 400",
    "GET, below=12345678, 400",
    "GET, below=1%0A2, 400",
    "GET, '', 400",
    "POST, below=10, 405"
  })
  void request_isRefused_whenItIsWrong(String method, String query, int status) throws Exception {
    try (var log = LogCapture.of("dev.bobbin.examples.http", Level.INFO);
        var service = started(new HttpServiceModule())) {
      HttpRequest request = request(service, query)
          .method(method, HttpRequest.BodyPublishers.noBody())
          .build();

      assertEquals(status, send(request).statusCode());
      assertTrue(log.messages().stream().noneMatch(line -> line.contains("\n")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "spaced out",
    "a{}b",
    "12345678901234567890123456789012345678901234567890123456789012345"
  })
  void request_getsAnIdOfTheService_whenItsOwnCannotBeTrusted(String id) throws Exception {
    try (var log = LogCapture.of("dev.bobbin.examples.http", Level.INFO);
        var service = started(new HttpServiceModule())) {
      HttpResponse<String> answer =
          send(request(service, "below=10").header("X-Request-Id", id).build());

      String given = answer.headers().firstValue("X-Request-Id").orElseThrow();
      assertNotEquals(id, given);
      assertEquals(Map.of("request", given), log.events().get(1).getMDCPropertyMap());
    }
  }

  @Test
  void answer_is500_whenTheWorkFails() throws Exception {
    var broken = new Primes() {
      @Override
      int countBelow(int limit) {
        throw new IllegalStateException("no primes today");
      }
    };
    Module module = Modules.override(new HttpServiceModule())
        .with(binder -> binder.bind(Primes.class).toInstance(broken));
    try (var log = LogCapture.of("dev.bobbin.examples.http", Level.INFO);
        var service = started(module)) {
      HttpRequest request =
          request(service, "below=10").header("X-Request-Id", "seven").build();

      assertEquals(500, send(request).statusCode());
      ILoggingEvent failure = log.events().stream()
          .filter(line -> line.getLevel() == Level.ERROR)
          .findFirst()
          .orElseThrow();
      assertEquals("the work failed", failure.getFormattedMessage());
      assertEquals("no primes today", failure.getThrowableProxy().getMessage());
      assertEquals(Map.of("request", "seven"), failure.getMDCPropertyMap());
    }
  }

  private void sendAll(HttpService service, Queue<HttpResponse<String>> answers) throws Exception {
    var permits = new Semaphore(AT_ONCE);
    var requests = new ArrayList<CompletableFuture<?>>();
    for (int limit = 1; limit <= REQUESTS; limit++) {
      permits.acquire();
      HttpRequest request = request(service, "below=" + limit)
          .header("X-Request-Id", "id-" + limit)
          .header("traceparent", "00-" + traceOf(String.valueOf(limit)) + "-00f067aa0ba902b7-01")
          .build();
      requests.add(client
          .sendAsync(request, BodyHandlers.ofString())
          .thenAccept(answers::add)
          .whenComplete((done, failure) -> permits.release()));
    }
    CompletableFuture.allOf(requests.toArray(CompletableFuture<?>[]::new))
        .get(60, TimeUnit.SECONDS);
  }

  private static HttpService started(Module module) throws IOException {
    HttpService service = Guice.createInjector(module).getInstance(HttpService.class);
    service.start(0);
    return service;
  }

  private static HttpRequest.Builder request(HttpService service, String query) {
    String uri = "http://localhost:%d/primes?%s".formatted(service.port(), query);
    return HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(60));
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  private static String traceOf(String limit) {
    return "%032x".formatted(Long.valueOf(limit));
  }

  private static String limitIn(String text) {
    Matcher limit = LIMIT.matcher(text);
    assertTrue(limit.find(), text);
    return limit.group(1);
  }
}
