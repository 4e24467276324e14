package io.github.csvbackup.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.security.BrowserDefence;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one HTTP server. Start it from a daemon thread in a host: the JDK's dispatcher thread inherits that. */
public final class AgentHttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentHttpServer.class);
    private static final int LARGEST_BODY = 256 * 1024;
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");

    private final HttpServer server;
    private final String host;
    private final String scheme;
    private final Workers workers = new Workers();
    private final NoDelay noDelay;
    private final BrowserDefence browserDefence;
    private final Authentication authentication;
    private final HttpCounts counts;

    /**
     * Where to listen.
     *
     * @param port 0 takes any
     * @param tls null for plain HTTP
     */
    public record Address(String host, int port, @Nullable SSLContext tls) {}

    private AgentHttpServer(
            HttpServer server,
            Address address,
            Authentication authentication,
            HttpCounts counts,
            @Nullable Instrumentation instrumentation) {
        this.server = server;
        this.host = address.host();
        this.scheme = address.tls() == null ? "http" : "https";
        this.authentication = authentication;
        this.counts = counts;
        this.noDelay = new NoDelay(instrumentation);
        this.browserDefence = new BrowserDefence(host, address.tls() != null);
        server.setExecutor(workers);
    }

    /**
     * Binds the address; nothing is answered before start.
     *
     * @param endpoints by path, each for all below it
     * @throws IOException with a sentence for people, if the address cannot be had
     */
    public static AgentHttpServer bind(
            Address address,
            Authentication authentication,
            HttpCounts counts,
            @Nullable Instrumentation instrumentation,
            Map<String, Endpoint> endpoints)
            throws IOException {
        HttpServer listening = listen(address, authentication.knowsUsers());
        AgentHttpServer bound = new AgentHttpServer(listening, address, authentication, counts, instrumentation);
        endpoints.forEach((path, endpoint) ->
                bound.server.createContext(path, exchange -> bound.serve(exchange, path, endpoint)));
        return bound;
    }

    private static HttpServer listen(Address address, boolean knowsUsers) throws IOException {
        InetAddress resolved;
        try {
            resolved = InetAddress.getByName(address.host());
        } catch (UnknownHostException e) {
            throw new IOException("The host \"" + address.host() + "\" is unknown; use 127.0.0.1.", e);
        }
        SSLContext tls = address.tls();
        if (!resolved.isLoopbackAddress() && (tls == null || !knowsUsers)) {
            throw new IOException("The host " + address.host()
                    + " is no loopback address; off loopback the agent needs a certificate (tls-keystore=...) and users"
                    + " (users=...). Give both, or use 127.0.0.1.");
        }
        InetSocketAddress where = new InetSocketAddress(resolved, address.port());
        try {
            if (tls == null) {
                return HttpServer.create(where, 0);
            }
            HttpsServer server = HttpsServer.create(where, 0);
            server.setHttpsConfigurator(new Modern(tls));
            return server;
        } catch (BindException e) {
            throw new IOException(cannotBind(address, e), e);
        }
    }

    /** TLS 1.2 and newer, whatever the host's JVM allows besides. */
    private static final class Modern extends HttpsConfigurator {
        Modern(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters chosen = getSSLContext().getDefaultSSLParameters();
            chosen.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setSSLParameters(chosen);
        }
    }

    /** Windows says "Permission denied" of a port in an excluded range, and "Address already in use" of a busy one. */
    static String cannotBind(Address address, BindException e) {
        String where = address.host() + ":" + address.port();
        boolean forbidden =
                String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("permission");
        return forbidden
                ? "The port " + where
                        + " may not be used: on Windows it may lie in an excluded range (netsh int ipv4 show "
                        + "excludedportrange tcp). Choose another with port=..., or port=0 for any."
                : "The port " + where
                        + " is in use by another program. Choose another with port=..., or port=0 for any.";
    }

    /** Starts to answer. */
    public void start() {
        server.start();
    }

    /** The address with the actual port, such as {@code http://127.0.0.1:8778/}. */
    public String url() {
        return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                + server.getAddress().getPort() + "/";
    }

    private void serve(HttpExchange exchange, String path, Endpoint endpoint) throws IOException {
        workers.enter(WorkPhase.BODY);
        noDelay.apply(exchange);
        try (exchange) {
            Reply reply = reply(exchange, path, endpoint);
            counts.request(handlerName(path), reply.status());
            workers.enter(WorkPhase.WRITING);
            send(exchange, reply);
        } catch (IOException e) {
            // The client is gone, or was too slow: there is nobody to tell.
            LOG.debug("A connection ended early", e);
        }
    }

    private static String handlerName(String path) {
        String name = path.substring(1);
        return name.isEmpty() ? "page" : name;
    }

    private Reply reply(HttpExchange exchange, String path, Endpoint endpoint) throws IOException {
        String method = exchange.getRequestMethod();
        Optional<BrowserDefence.Rejection> rejection = browserDefence.judge(
                header(exchange, "Host"), header(exchange, "Origin"), header(exchange, "Sec-Fetch-Site"));
        if (rejection.isPresent()) {
            return reject(
                    rejection.get().reason(), Reply.text(403, rejection.get().sentence()));
        }
        if (!METHODS.contains(method)) {
            return reject("method", Reply.text(405, "The method " + method + " is not allowed; use GET or POST."));
        }
        InetAddress remote = exchange.getRemoteAddress().getAddress();
        Authentication.Result who = authenticate(header(exchange, "Authorization"), remote);
        Optional<Reply> refused = Admission.refusal(authentication, who, remote, path);
        if (refused.isPresent()) {
            return reject(refused.get().status() == 429 ? "rate" : "token", refused.get());
        }
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            return reject("size", Reply.text(413, "The body is larger than " + LARGEST_BODY + " bytes. Send less."));
        }
        String actual = exchange.getRequestURI().getPath();
        if (!actual.equals(path) && (path.equals("/") || !actual.startsWith(path + "/"))) {
            return Reply.text(404, "There is nothing here. There are /, /jolokia/, /metrics and /healthz.");
        }
        workers.enter(WorkPhase.HANDLING);
        Reply reply = answer(
                endpoint,
                new Request(
                        method,
                        exchange.getRequestURI(),
                        new RequestBody(body),
                        header(exchange, "Accept"),
                        who.identity(),
                        remote.getHostAddress()));
        return reply.status() == 401 ? reject("token", reply) : reply.status() == 429 ? reject("rate", reply) : reply;
    }

    /** A password takes its time to check: that is our own work, and not the client's slowness. */
    private Authentication.Result authenticate(@Nullable String authorization, InetAddress remote) {
        workers.enter(WorkPhase.HANDLING);
        try {
            return authentication.check(authorization, remote);
        } finally {
            workers.enter(WorkPhase.BODY);
        }
    }

    private static Reply answer(Endpoint endpoint, Request request) {
        try {
            return endpoint.answer(request);
        } catch (RuntimeException | Error e) {
            // An error must not reach the thread: in someone else's JVM its handler may end the host.
            LOG.error("{} {} failed", request.method(), request.uri(), e);
            return Reply.text(500, "The agent failed to answer; its log says why.");
        }
    }

    private Reply reject(String reason, Reply reply) {
        counts.rejection(reason);
        return reply;
    }

    private static @Nullable String header(HttpExchange exchange, String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Ends the server at once; nothing of it remains. */
    @Override
    public void close() {
        server.stop(0);
        workers.close();
    }
}
