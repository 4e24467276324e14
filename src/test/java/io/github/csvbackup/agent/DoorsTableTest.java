package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.http.TestUsers;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.management.CsvBackupStateMBean;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may request what at which door, with the exact refusals: the table in security.md, as running agents answer. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DoorsTableTest {
    private static final String VOLUME = "\"C:\\\\ClusterStorage\\\\Volume1\"";
    private static final String NODE2 = "NODE2.example.com";
    private static final String STRANGER = "NODE9.example.com";
    private static final String PROXY = "X-Forwarded-For";

    /** A request. Refusals begin with its name, which is replaced, so that all of a kind have the same. */
    private record Ask(String name, String path, @Nullable String body) {
        static Ask get(String path) {
            return new Ask(path, path, null);
        }

        static Ask call(String operation, String arguments) {
            return new Ask(operation, "/jolokia/", TwoDoors.exec(operation, arguments));
        }
    }

    private static final Map<String, List<Ask>> KINDS = kinds();

    private static Map<String, List<Ask>> kinds() {
        Map<String, List<Ask>> kinds = new LinkedHashMap<>();
        kinds.put("`/healthz`", List.of(Ask.get("/healthz")));
        kinds.put(
                "page, `/metrics`, attributes",
                List.of(
                        Ask.get("/"),
                        Ask.get("/metrics"),
                        Ask.get("/jolokia/read/io.github.csvbackup:type=CsvBackupState/Version"),
                        new Ask("Version", "/jolokia/", TwoDoors.read("Version"))));
        kinds.put(
                "`assess`, `explain`, `refresh`",
                List.of(Ask.call("assess", VOLUME), Ask.call("explain", VOLUME), Ask.call("refresh", "")));
        kinds.put("`shadowCopies`", List.of(Ask.call("shadowCopies", VOLUME)));
        kinds.put(
                "`clear`, `clearAll`, `forceClear`, `recentAudit`, `selfTest`, `askPeers`, writing `LogLevel`",
                List.of(
                        Ask.call("clear", VOLUME),
                        Ask.call("clearAll", "[" + VOLUME + "]"),
                        Ask.call("forceClear", VOLUME + "," + VOLUME + ",\"a test\""),
                        Ask.call("recentAudit", "1"),
                        Ask.call("selfTest", ""),
                        Ask.call("askPeers", ""),
                        new Ask("Writing LogLevel", "/jolokia/", TwoDoors.write("LogLevel", "info"))));
        kinds.put("`localEvidence`", List.of(Ask.call("localEvidence", "\"0123456789abcdef0123456789abcdef\",false")));
        return kinds;
    }

    @TempDir
    Path folder;

    private final List<String> refusals = new ArrayList<>();
    private final List<String> rows = new ArrayList<>();

    /** The answers to a sender's requests of each kind. */
    private void row(TwoDoors doors, URI door, String name, String sender, Map<String, String> headers)
            throws Exception {
        StringBuilder row = new StringBuilder("| " + name + " | " + sender + " |");
        for (Map.Entry<String, List<Ask>> kind : KINDS.entrySet()) {
            Set<String> answers = new LinkedHashSet<>();
            for (Ask ask : kind.getValue()) {
                String answer;
                do {
                    answer = answer(doors.send(door, ask.path(), ask.body(), headers));
                    // A row asks more often than one user may.
                } while (answer.startsWith("429 "));
                answers.add(answer.replaceFirst("^([0-9]+) " + Pattern.quote(ask.name()) + " ", "$1 OPERATION "));
            }
            assertThat(answers).as("%s %s: %s", name, sender, kind.getKey()).hasSize(1);
            row.append(' ').append(cell(answers.iterator().next())).append(" |");
        }
        rows.add(row.toString());
    }

    private String cell(String answer) {
        if (answer.equals("200")) {
            return "yes";
        }
        if (!refusals.contains(answer)) {
            refusals.add(answer);
        }
        return answer.substring(0, 3) + " (" + (refusals.indexOf(answer) + 1) + ")";
    }

    /** The status, and the sentence of a refusal. Jolokia has both in the body. */
    private static String answer(HttpResponse<String> response) throws Exception {
        if (response.statusCode() != 200) {
            return response.statusCode() + " " + response.body().strip();
        }
        boolean json = response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
        if (json && Json.read(response.body()) instanceof Map<?, ?> map && !"200".equals("" + map.get("status"))) {
            return map.get("status") + " " + String.valueOf(map.get("error")).replaceFirst("^[\\w.]+ : ", "");
        }
        return "200";
    }

    private static Map<String, String> authorization(String value) {
        return Map.of("Authorization", value);
    }

    @Test
    void eachOperationIsInTheTable() {
        Set<String> asked = new TreeSet<>();
        KINDS.values().forEach(kind -> kind.forEach(ask -> asked.add(ask.name())));

        assertThat(Arrays.stream(CsvBackupStateMBean.class.getMethods())
                        .map(Method::getName)
                        .filter(name -> !name.matches("(get|is|set)[A-Z].*")))
                .isNotEmpty()
                .isSubsetOf(asked);
    }

    @Test
    void theDocumentHasWhatTheDoorsAnswer() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        for (String level : new String[] {"health", "read"}) {
            try (Agent agent = doors.start("anonymous=" + level)) {
                row(doors, agent.url(), "local", "no credentials, `anonymous=" + level + "`", Map.of());
            }
        }
        // No agent is asked: this machine may look up their names for long.
        String trust = doors.trust(NODE2, STRANGER) + ",simulated-nodes=2,peers=NODE2=off";
        String users = ",users=" + TestUsers.file(folder);
        try (Agent agent = doors.start(trust + users)) {
            URI local = agent.url();
            URI remote = TwoDoors.remote(agent);
            String token = "Bearer " + agent.token();
            row(doors, local, "local", "no credentials, `anonymous=assess` (default)", Map.of());
            row(doors, local, "local", "operator's token", authorization(token));
            row(
                    doors,
                    local,
                    "local",
                    "operator's token, through a proxy",
                    Map.of("Authorization", token, PROXY, "::1"));
            row(doors, local, "local", "a user", authorization(TestUsers.authorization(TestUsers.OPERATOR)));
            row(doors, remote, "remote", "no credentials", Map.of());
            row(doors, remote, "remote", "operator's token", authorization(token));
            row(doors, remote, "remote", "reader", authorization(TestUsers.authorization(TestUsers.READER)));
            row(doors, remote, "remote", "operator", authorization(TestUsers.authorization(TestUsers.OPERATOR)));
            row(doors.as(NODE2), remote, "remote", "peer: certificate of another node", Map.of());
            row(doors.as(STRANGER), remote, "remote", "another certificate that `tls-trust` verifies", Map.of());
            row(
                    doors.as(NODE2),
                    remote,
                    "remote",
                    "reader with the certificate of a node",
                    authorization(TestUsers.authorization(TestUsers.READER)));
        }
        try (Agent agent = doors.start(trust)) {
            URI remote = TwoDoors.remote(agent);
            row(doors, remote, "remote, no `users`", "no credentials", Map.of());
            row(
                    doors,
                    remote,
                    "remote, no `users`",
                    "a user",
                    authorization(TestUsers.authorization(TestUsers.OPERATOR)));
            row(doors.as(NODE2), remote, "remote, no `users`", "peer", Map.of());
        }

        compareWithTheDocument();
    }

    private List<String> table() {
        List<String> table = new ArrayList<>();
        table.add("| door | sender | " + String.join(" | ", KINDS.keySet()) + " |");
        table.add("|---|---|" + "---|".repeat(KINDS.size()));
        table.addAll(rows);
        table.add("");
        for (String refusal : refusals) {
            String sentence =
                    refusal.substring(4).replace(TestUsers.READER, "NAME").replace("NODE2", "NODE");
            table.add((refusals.indexOf(refusal) + 1) + ". " + refusal.substring(0, 3) + ": *" + sentence + "*");
        }
        return table;
    }

    /** With -Dcsvbackup.write-docs=true the test writes the table there. */
    private void compareWithTheDocument() throws Exception {
        Path file = Path.of("src/docs/security.md");
        List<String> document = Files.readAllLines(file);
        int from = document.indexOf("<!-- who may do what: made by DoorsTableTest -->");
        int to = document.indexOf("<!-- end of who may do what -->");
        assertThat(from).isPositive().isLessThan(to);

        List<String> written = new ArrayList<>(document.subList(0, from + 1));
        written.addAll(table());
        written.addAll(document.subList(to, document.size()));
        if (Boolean.getBoolean("csvbackup.write-docs")) {
            Files.writeString(file, String.join("\n", written) + "\n");
        }

        assertThat(Files.readAllLines(file)).isEqualTo(written);
    }
}
