package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.server.Answer;
import io.github.csvbackup.http.server.Client;
import io.github.csvbackup.http.server.Decision;
import io.github.csvbackup.http.server.Head;
import io.github.csvbackup.http.server.Lane;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.Tls;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorkeeperTest {
    private static final Client CLIENT = new Client(InetAddress.getLoopbackAddress());

    @TempDir
    static Path certificates;

    private static Tls tls;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeTheCertificate() throws Exception {
        tls = Tls.of(
                Certificate.make(certificates.resolve("agent.pfx"), "agent", "127.0.0.1"),
                PrivateFile.write(certificates.resolve("password"), Certificate.PASSWORD),
                new FileStatus(Clock.systemUTC()));
    }

    /** The agent's address in a request: the page writes it into commands that people paste into a shell. */
    private static String address(String host, Door door, String authorization) {
        Doorkeeper doorkeeper =
                new Doorkeeper(door, new HttpCounts(), Map.of("/", request -> Reply.text(200, request.address())));
        Head head = new Head("GET", URI.create("/"), host, 1, Map.of("authorization", List.of(authorization)), 0);
        return answer(doorkeeper.decide(head, CLIENT)).body().toString().strip();
    }

    private static Answer answer(Decision decision) {
        return decision instanceof Decision.Admitted admitted
                ? admitted.work().answer(new byte[0])
                : ((Decision.Refused) decision).answer();
    }

    private RemoteDoor remoteDoor() throws Exception {
        return new RemoteDoor("0.0.0.0", 8779, tls, TestUsers.passwords(folder));
    }

    private static String local(String host) {
        return address(host, new LocalDoor("127.0.0.1", 8778, () -> "t", AnonymousAccess.ASSESS), "Bearer t");
    }

    private String remote(String host) throws Exception {
        return address(host, remoteDoor(), TestUsers.authorization(TestUsers.READER));
    }

    @Test
    void theAddressIsTheOneThatTheClientUsed() throws Exception {
        assertThat(local("localhost:9000")).isEqualTo("http://localhost:9000/");
        assertThat(local("[::1]:8778")).isEqualTo("http://[::1]:8778/");
        assertThat(remote("node1.example.com:8779")).isEqualTo("https://node1.example.com:8779/");
        assertThat(remote("node-1")).isEqualTo("https://node-1/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node1;calc", "node1 -x", "$(calc)", "node1:8778/x", "\"", "[::1", ""})
    void theAddressIsNeverAnythingElse(String host) throws Exception {
        assertThat(remote(host)).isEqualTo("https://127.0.0.1:8779/");
    }

    @Test
    void theAddressIsTheUsualOneForAClientThatDoesNotName() {
        assertThat(local(null)).isEqualTo("http://127.0.0.1:8778/");
    }

    private static Head get(String path, String authorization) {
        return new Head("GET", URI.create(path), "node1", 1, Map.of("authorization", List.of(authorization)), 0);
    }

    /** The server's thread must not wait for a computation or a disk. */
    @Test
    void aPasswordIsNeverCheckedAtOnce() throws Exception {
        Doorkeeper doorkeeper = new Doorkeeper(
                remoteDoor(),
                new HttpCounts(),
                Map.of(
                        "/metrics",
                                request -> Reply.text(200, request.identity().name()),
                        "/healthz", request -> Reply.text(200, "well")));
        Head metrics = get("/metrics", TestUsers.authorization(TestUsers.READER));
        Head health = get("/healthz", TestUsers.authorization(TestUsers.READER));
        Head wrong = get("/metrics", TestUsers.basic(TestUsers.READER, "a wrong password"));

        assertThat(doorkeeper.decideAtOnce(metrics, CLIENT))
                .as("not proven yet")
                .isNull();
        assertThat(answer(doorkeeper.decide(metrics, CLIENT)).status()).isEqualTo(200);

        assertThat(doorkeeper.decideAtOnce(wrong, CLIENT)).isNull();
        assertThat(doorkeeper.decideAtOnce(health, CLIENT))
                .as("one thread answers all health checks")
                .isNull();
        Decision.Admitted proven = (Decision.Admitted) doorkeeper.decideAtOnce(metrics, CLIENT);
        assertThat(proven.lane()).isEqualTo(Lane.READERS);
        assertThat(answer(proven).body()).hasToString(TestUsers.READER + "\n");
    }

    @Test
    void whoLostAccessIsRefusedByTheThreadThatAnswers() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        Endpoint endpoint = request -> Reply.text(200, "answer " + answered.incrementAndGet());
        Doorkeeper doorkeeper = new Doorkeeper(remoteDoor(), new HttpCounts(), Map.of("/metrics", endpoint));
        Head metrics = get("/metrics", TestUsers.authorization(TestUsers.READER));
        assertThat(answer(doorkeeper.decide(metrics, CLIENT)).status()).isEqualTo(200);
        Decision begun = doorkeeper.decideAtOnce(metrics, CLIENT);

        PrivateFile.write(folder.resolve("users"), "");

        assertThat(answer(begun).status()).isEqualTo(401);
        assertThat(answered).hasValue(1);
        assertThat(doorkeeper.decideAtOnce(metrics, CLIENT))
                .as("no longer expected")
                .isNull();
    }
}
