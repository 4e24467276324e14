package io.github.csvbackup.http;

import io.github.csvbackup.http.server.Answer;
import io.github.csvbackup.http.server.Client;
import io.github.csvbackup.http.server.Decision;
import io.github.csvbackup.http.server.Head;
import io.github.csvbackup.http.server.Lane;
import io.github.csvbackup.http.server.Service;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.BrowserDefence;
import io.github.csvbackup.security.Identity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks who sent a request, and finds the endpoint that answers it. */
final class Doorkeeper implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
    private static final Reply FAILURE = Reply.text(500, "The agent failed to answer; see its log for the reason.");
    /** A name or an address, and perhaps a port. */
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{1,45}])(:[0-9]{1,5})?");

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");

    private final Door door;
    private final BrowserDefence browserDefence;
    private final HttpCounts counts;
    private final Map<String, Endpoint> endpoints;

    Doorkeeper(Door door, HttpCounts counts, Map<String, Endpoint> endpoints) {
        this.door = door;
        this.browserDefence = new BrowserDefence(door.host(), door.tls() != null);
        this.counts = counts;
        this.endpoints = Map.copyOf(endpoints);
    }

    @Override
    public @Nullable Decision decideAtOnce(Head head, Client client) {
        if (!door.mayJudgeSlowly(head)) {
            return decide(head, client);
        }
        String path = pathOf(head);
        Optional<Identity> expected = door.expected(head);
        // The only thread for health checks must not wait for a disk.
        if (expected.isEmpty() || path.equals(Door.HEALTH)) {
            return null;
        }
        // The thread that answers decides first: another thread for the decision would cost more than the decision.
        return new Decision.Admitted(lane(path, expected.get()), body -> decideAndAnswer(head, client, body));
    }

    private Answer decideAndAnswer(Head head, Client client, byte[] body) {
        Decision decision = decide(head, client);
        return decision instanceof Decision.Admitted admitted
                ? admitted.work().answer(body)
                : ((Decision.Refused) decision).answer();
    }

    @Override
    public Decision decide(Head head, Client client) {
        String path = pathOf(head);
        Optional<BrowserDefence.Rejection> foreign =
                browserDefence.judge(head.host(), head.header("Origin"), head.header("Sec-Fetch-Site"));
        if (foreign.isPresent()) {
            return refused(
                    path, foreign.get().reason(), Reply.text(403, foreign.get().sentence()));
        }
        if (!METHODS.contains(head.method())) {
            return refused(path, "method", Reply.methodNotAllowed(head.method()));
        }
        Door.Entry entry = door.judge(head, client, path);
        Reply refusal = entry.refusal();
        if (refusal != null) {
            return refused(path, entry.reason(), refusal);
        }
        Identity who = entry.who();
        Endpoint endpoint = endpoints.get(path);
        String asked = String.valueOf(head.uri().getPath());
        if (endpoint == null || (path.equals("/") && !asked.equals("/"))) {
            return refused(
                    path, "", Reply.text(404, "Unknown path. This agent serves /, /jolokia/, /metrics and /healthz."));
        }
        return new Decision.Admitted(lane(path, who), body -> {
            Reply reply = answer(
                    endpoint,
                    new Request(
                            head.method(),
                            head.uri(),
                            new RequestBody(body),
                            head.joined("Accept"),
                            head.joined("Accept-Encoding"),
                            who,
                            client.address().getHostAddress(),
                            addressFor(head)));
            reject(reply.status() == 401 ? "token" : reply.status() == 429 ? "rate" : "");
            return counted(path, reply);
        });
    }

    private static Lane lane(String path, Identity who) {
        if (path.equals(Door.HEALTH)) {
            return Lane.HEALTH;
        }
        return switch (who.role()) {
            case OPERATOR -> Lane.OPERATORS;
            case PEER -> Lane.PEERS;
            case READER, ANONYMOUS -> Lane.READERS;
        };
    }

    /** The path of the endpoint that serves this path. */
    private String pathOf(Head head) {
        String asked = String.valueOf(head.uri().getPath());
        for (String path : endpoints.keySet()) {
            if (asked.equals(path) || (!path.equals("/") && asked.startsWith(path + "/"))) {
                return path;
            }
        }
        return "/";
    }

    /** The agent's address as the client wrote it. A browser sends nothing else; a name that could not be one is replaced. */
    private String addressFor(Head head) {
        String host = head.host();
        boolean secure = door.tls() != null;
        String usual = secure ? "127.0.0.1:8779" : "127.0.0.1:8778";
        return (secure ? "https://" : "http://")
                + (host != null && HOST.matcher(host).matches() ? host : usual) + "/";
    }

    private static Reply answer(Endpoint endpoint, Request request) {
        try {
            return endpoint.answer(request);
        } catch (RuntimeException | Error e) {
            // An error must not reach the thread: the host's handler for uncaught exceptions may end the JVM.
            LOG.error("{} {} failed", request.method(), request.uri(), e);
            return FAILURE;
        }
    }

    private Decision refused(String path, String reason, Reply reply) {
        reject(reason);
        return new Decision.Refused(counted(path, reply));
    }

    private void reject(String reason) {
        if (!reason.isEmpty()) {
            counts.rejection(reason);
        }
    }

    private Answer counted(String path, Reply reply) {
        String name = path.substring(1);
        counts.request(name.isEmpty() ? "page" : name, reply.status());
        return answer(reply);
    }

    private static Answer answer(Reply reply) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", reply.contentType());
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.putAll(reply.headers());
        return new Answer(reply.status(), headers, reply.content());
    }

    @Override
    public Answer refusal(int status, String sentence) {
        counts.rejection(status == 413 ? "size" : "malformed");
        return answer(Reply.text(status, sentence));
    }

    @Override
    public Answer failure() {
        return answer(FAILURE);
    }

    @Override
    public void dropped(String phase) {
        counts.rejection("crowded");
    }
}
