package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.json.Json;
import io.github.csvbackup.peer.LocalEvidence;
import io.github.csvbackup.peer.LocalEvidenceJson;
import io.github.csvbackup.watch.PeerEvidence;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the agent on NODE1, one of 64 simulated nodes, answers to the certificates of other nodes, and to users. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The commands are written for a POSIX shell.")
@Tag("jdk-independent")
class PeerQuestionsIT {
    private static final int PEERS = 64;
    private static final int QUESTIONS = 20;
    private static final char[] STORE = "test".toCharArray();

    @TempDir
    static Path folder;

    private static PeerLab lab;

    @BeforeAll
    static void start() throws Exception {
        lab = new PeerLab(folder, "--simulated-nodes=" + PEERS);
        // keytool would take minutes.
        assertThat(lab.bash("set -e; umask 077; openssl pkcs12 -in hv1/ca.p12 -passin file:hv1/ca.p12.password -nodes"
                        + " -out authority.pem; for i in $(seq 1 " + PEERS + "); do openssl req -newkey ec -pkeyopt"
                        + " ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout n.key -out n.csr 2>/dev/null;"
                        + " printf \"subjectAltName=DNS:NODE$i.example.com\\nextendedKeyUsage=clientAuth\\n\" >n.ext;"
                        + " openssl x509 -req -in n.csr -CA hv1/ca.pem -CAkey authority.pem -set_serial 10$i -days 8"
                        + " -extfile n.ext -out n.crt 2>/dev/null; openssl pkcs12 -export -inkey n.key -in n.crt"
                        + " -passout pass:test -out NODE$i.p12; done"))
                .isEqualTo("exit code 0");
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private static String question() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String json(String question, boolean withShadowCopies) {
        return TwoDoors.exec("localEvidence", "\"" + question + "\"," + withShadowCopies);
    }

    private static PeerConnection connection(int node) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("NODE" + node + ".p12"))) {
            own.load(in, STORE);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, STORE);
        KeyStore authority = KeyStore.getInstance("PKCS12");
        authority.load(null, null);
        try (InputStream in = Files.newInputStream(folder.resolve("hv1/ca.pem"))) {
            authority.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(authority);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return new PeerConnection(tls, lab.agent.remoteUrl().getPort(), node);
    }

    private static LocalEvidence evidence(Map<?, ?> answer) throws Exception {
        assertThat(answer.get("status")).as("%s", answer).isEqualTo(200L);
        return LocalEvidenceJson.read(answer.get("value"), Instant.now());
    }

    /** Over Jolokia at the local door, by the operator's token. */
    private static Map<?, ?> local(String json) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(lab.agent.url().resolve("/jolokia/"))
                                .header(
                                        "Authorization",
                                        "Bearer "
                                                + Files.readString(lab.agent.token())
                                                        .strip())
                                .POST(HttpRequest.BodyPublishers.ofString(json))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return (Map<?, ?>) Json.read(answer.body());
    }

    private static String simulated(String operation, String arguments) {
        return TwoDoors.exec(operation, arguments).replace("CsvBackupState", "SimulatedCluster");
    }

    @Test
    @Order(1)
    void anotherNodeIsToldWhatThisNodeSees() throws Exception {
        String question = question();
        try (PeerConnection node2 = connection(2)) {
            LocalEvidence told = evidence(node2.post(json(question, false)));

            assertThat(told.question()).isEqualTo(question);
            assertThat(told.node()).isEqualTo("NODE1");
            assertThat(told.cluster()).isEqualTo("SIMULATED");
            assertThat(told.simulated()).isTrue();
            assertThat(told.sharedDisks()).hasSize(3).isSorted();
            PeerEvidence seen = told.evidence();
            assertThat(seen.vss().status().isStopped()).isTrue();
            assertThat(seen.softwareProvider().status().isStopped()).isTrue();
            assertThat(seen.shadowCopies()).isNull();
            Map<?, ?> refused = node2.post(json("x", false));
            assertThat(refused.get("status")).isEqualTo(400L);
            assertThat(String.valueOf(refused.get("error")))
                    .endsWith(
                            "The argument \"question\" must be 32 hexadecimal digits, chosen at random for each question.");
        }
    }

    @Test
    @Order(2)
    void anOperatorMayAskTooAndNobodyElse() throws Exception {
        String question = question();
        String more = PeerLab.exec("localEvidence", "\"" + question + "\",false");

        assertThat(lab.curl("", more + PeerLab.user(PeerLab.OPERATOR)))
                .startsWith("200 0 ")
                .contains("\"question\":\"" + question + "\"");
        assertThat(evidence(local(json(question, false))).question()).isEqualTo(question);
        assertThat(lab.curl("", more + PeerLab.user(PeerLab.READER)))
                .contains(
                        "\"status\":403",
                        "localEvidence requires the operator role, and bob is a reader. Ask an operator, or change your role in"
                                + " the users file.");
        assertThat(lab.curl("", more))
                .isEqualTo("401 0 This address needs a name and a password from the users file.\n");
        URI local = lab.agent.url().resolve("/jolokia/");
        assertThat(lab.bash("curl -sS -w '\\n%{http_code}' " + local + " -d '" + json(question, false) + "'"))
                .startsWith("localEvidence needs the operator's token. Send it")
                .contains("\n401");
    }

    @Test
    @Order(3)
    void questionsOf64NodesAreAnsweredWhileOthersRead() throws Exception {
        List<PeerConnection> peers = new ArrayList<>();
        try {
            for (int node = 1; node <= PEERS; node++) {
                peers.add(connection(node));
                evidence(peers.get(node - 1).post(json(question(), false)));
            }
            long begun = System.nanoTime();
            List<CompletableFuture<Integer>> asking = new ArrayList<>();
            for (PeerConnection peer : peers) {
                asking.add(CompletableFuture.supplyAsync(() -> answers(peer), task -> new Thread(task).start()));
            }
            int scrapes = 0;
            do {
                assertThat(lab.curl("", "metrics" + PeerLab.user(PeerLab.READER)))
                        .startsWith("200 0 ");
                scrapes++;
            } while (asking.stream().anyMatch(each -> !each.isDone()));
            int answers = 0;
            for (CompletableFuture<Integer> each : asking) {
                answers += each.get();
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    "%d nodes: %d questions answered in %.1f s, %.0f a second, beside %d scrapes%n",
                    PEERS, answers, seconds, answers / seconds, scrapes);
            // Each node asks once in ten seconds.
            assertThat(answers).isEqualTo(PEERS * QUESTIONS);
        } finally {
            for (PeerConnection peer : peers) {
                peer.close();
            }
        }
    }

    /** How many questions got their own answer. A question that comes too fast is asked again. */
    private static int answers(PeerConnection peer) {
        int answers = 0;
        try {
            while (answers < QUESTIONS) {
                String question = question();
                LocalEvidence told = evidence(peer.post(json(question, false)));
                assertThat(told.question()).isEqualTo(question);
                answers++;
            }
            return answers;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<LocalEvidence> askForShadowCopies(PeerConnection node) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return evidence(node.post(json(question(), true)));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    /** A node's question with a slow list keeps only that node waiting. */
    @Test
    @Order(4)
    void aSlowListKeepsNobodyElseWaiting() throws Exception {
        assertThat(local(simulated("hangNextCall", "\"Win32_ShadowCopy\"")).get("status"))
                .isEqualTo(200L);
        try (PeerConnection node2 = connection(2);
                PeerConnection node3 = connection(3)) {
            CompletableFuture<LocalEvidence> one = askForShadowCopies(node2);
            CompletableFuture<LocalEvidence> other = askForShadowCopies(node3);

            LocalEvidence first =
                    (LocalEvidence) CompletableFuture.anyOf(one, other).get();
            assertThat(first.evidence().shadowCopies().problem().message())
                    .startsWith("NODE1 lists its shadow copies at most once a minute; the next can begin at ");
            CompletableFuture<LocalEvidence> slow = one.isDone() ? other : one;
            // Not earlier: the agent closes a connection whose handshake does not begin.
            try (PeerConnection node4 = connection(4)) {
                assertThat(evidence(node4.post(json(question(), false))).node()).isEqualTo("NODE1");
            }
            assertThat(lab.curl("", "metrics" + PeerLab.user(PeerLab.READER))).startsWith("200 0 ");
            assertThat(lab.curl(
                            "",
                            PeerLab.exec("clear", "\"C:\\\\ClusterStorage\\\\Volume1\"")
                                    + PeerLab.user(PeerLab.OPERATOR)))
                    .contains("NOTHING_TO_CLEAR");
            assertThat(local(TwoDoors.exec("clear", "\"C:\\\\ClusterStorage\\\\Volume1\""))
                            .get("value"))
                    .asString()
                    .contains("NOTHING_TO_CLEAR");
            assertThat(slow).isNotDone();

            local(simulated("releaseHungCalls", ""));
            assertThat(slow.get().evidence().shadowCopies().value()).isNotNull();
        }
    }
}
