package io.github.csvbackup.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one page, driven through its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final WebSocket socket;
    private final Messages messages;
    private int sent;
    private boolean loaded;

    private Browser(Process process, WebSocket socket, Messages messages) {
        this.process = process;
        this.socket = socket;
        this.messages = messages;
    }

    /** Collects what the browser sends; a message may come in several parts. */
    private static final class Messages implements WebSocket.Listener {
        private final StringBuilder part = new StringBuilder();
        private final BlockingQueue<String> whole = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                whole.add(part.toString());
                part.setLength(0);
            }
            from.request(1);
            return null;
        }

        Map<?, ?> next() throws InterruptedException, JsonException {
            String message = whole.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(message).as("the browser's next message").isNotNull();
            return (Map<?, ?>) Json.read(message);
        }
    }

    /** @param folder for its profile and its output */
    static Browser start(Path folder) throws Exception {
        Path profile = folder.resolve("profile");
        Process process = new ProcessBuilder(
                        RealPart.program("Debian's package chromium", "chromium", "chromium.exe"),
                        "--headless=new",
                        // Root may run the tests, in a container.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("browser.txt").toFile())
                .start();
        try {
            Messages messages = new Messages();
            WebSocket socket = HTTP.newWebSocketBuilder()
                    .buildAsync(URI.create(page(port(process, profile))), messages)
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Browser browser = new Browser(process, socket, messages);
            browser.call("Page.enable", Map.of());
            return browser;
        } catch (Exception | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** The browser writes it into its profile, and the address of its own socket into the next line. */
    private static String port(Process process, Path profile) throws IOException {
        Path file = profile.resolve("DevToolsActivePort");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            boolean alive = process.isAlive();
            if (Files.exists(file) && Files.readString(file).contains("\n")) {
                return Files.readAllLines(file).get(0);
            }
            assertThat(alive && System.nanoTime() < end)
                    .as("the browser listens")
                    .isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** The browser may listen before it has a page. */
    private static String page(String port) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            HttpResponse<String> targets = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            Optional<String> page = ((List<?>) Json.read(targets.body()))
                    .stream()
                            .map(target -> (Map<?, ?>) target)
                            .filter(target -> target.get("type").equals("page"))
                            .map(target -> (String) target.get("webSocketDebuggerUrl"))
                            .findFirst();
            if (page.isPresent()) {
                return page.get();
            }
            assertThat(System.nanoTime()).as("the browser has a page").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Calls a method of the protocol; its result. */
    private Map<?, ?> call(String method, Map<String, Object> parameters) throws Exception {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", ++sent);
        message.put("method", method);
        message.put("params", parameters);
        CompletableFuture<WebSocket> sending = socket.sendText(Json.write(message), true);
        sending.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Map<?, ?> answer = next();
        while (!Long.valueOf(sent).equals(answer.get("id"))) {
            answer = next();
        }
        assertThat(answer.get("error")).as("%s", message).isNull();
        return (Map<?, ?>) answer.get("result");
    }

    /** Sets the size in CSS pixels, as of a phone if it is narrow, and the colour scheme. */
    void emulate(int width, int height, String scheme) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Opens a page and waits until it is loaded. */
    void open(URI page) throws Exception {
        loaded = false;
        call("Page.navigate", Map.of("url", page.toString()));
        while (!loaded) {
            next();
        }
    }

    /** The next answer or event. */
    private Map<?, ?> next() throws Exception {
        Map<?, ?> message = messages.next();
        loaded |= "Page.loadEventFired".equals(message.get("method"));
        return message;
    }

    /** The value of a JavaScript expression. */
    @Nullable
    Object evaluate(String expression) throws Exception {
        Map<?, ?> result = call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        assertThat(result.get("exceptionDetails")).as(expression).isNull();
        return ((Map<?, ?>) result.get("result")).get("value");
    }

    /** A picture of what fits into the window. */
    byte[] picture() throws Exception {
        Map<?, ?> result = call("Page.captureScreenshot", Map.of("format", "png"));
        return Base64.getDecoder().decode((String) result.get("data"));
    }

    @Override
    public void close() {
        socket.abort();
        process.destroy();
        try {
            process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } finally {
            process.destroyForcibly();
        }
    }
}
