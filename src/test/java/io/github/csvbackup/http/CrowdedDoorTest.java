package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.Tls;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A crowd at the door for other machines, and the answers at the one for this machine. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdedDoorTest {
    /** More than all threads of one door together. */
    private static final int REQUESTS = 60;

    private static final int SILENT = 300;

    @TempDir
    Path folder;

    private final CountDownLatch release = new CountDownLatch(1);
    private final Semaphore waiting = new Semaphore(0);
    private final HttpCounts counts = new HttpCounts();

    /** At the door for other machines all answers wait. */
    private Reply answer(Request request) {
        if (request.address().startsWith("https:")) {
            waiting.release();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return Reply.text(200, "answered");
    }

    private Map<String, Endpoint> endpoints() {
        return Map.of("/", this::answer, "/metrics", this::answer, "/healthz", this::answer);
    }

    private static HttpRequest.Builder to(AgentHttpServer server, String path) {
        return HttpRequest.newBuilder(URI.create(server.url()).resolve(path));
    }

    @Test
    void theOtherDoorAnswersAsEver() throws Exception {
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "agent", "127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        FileStatus status = new FileStatus(Clock.systemUTC());
        RemoteDoor door =
                new RemoteDoor("127.0.0.1", 0, Tls.of(keystore, password, status), TestUsers.passwords(folder));
        LocalDoor own = new LocalDoor("127.0.0.1", 0, () -> "token", AnonymousAccess.ASSESS);
        for (String user : new String[] {TestUsers.READER, TestUsers.OPERATOR}) {
            // From now on its password is known.
            assertThat(door.passwords()
                            .check(TestUsers.authorization(user), InetAddress.getLoopbackAddress())
                            .proof())
                    .isEqualTo(Authentication.Proof.GOOD);
        }
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Certificate.trust(keystore))
                .build();
        List<Socket> silent = new ArrayList<>();
        try (AgentHttpServer remote = AgentHttpServer.bind(door, 2, counts, endpoints());
                AgentHttpServer local = AgentHttpServer.bind(own, 2, counts, endpoints())) {
            remote.start();
            local.start();
            List<CompletableFuture<HttpResponse<String>>> crowd = new ArrayList<>();
            for (String user : new String[] {TestUsers.READER, TestUsers.OPERATOR}) {
                for (int i = 0; i < REQUESTS; i++) {
                    HttpRequest request = to(remote, i % 3 == 0 ? "/healthz" : "/metrics")
                            .header("Authorization", TestUsers.authorization(user))
                            .build();
                    crowd.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
                }
            }
            // One thread for health checks, four for readers, eight for operators.
            waiting.acquire(13);
            for (int i = 0; i < SILENT; i++) {
                silent.add(new Socket(
                        InetAddress.getLoopbackAddress(),
                        URI.create(remote.url()).getPort()));
            }

            for (String path : new String[] {"/", "/metrics", "/healthz"}) {
                for (String[] headers : new String[][] {{}, {"Authorization", "Bearer token"}}) {
                    HttpRequest.Builder request = to(local, path);
                    HttpRequest built = (headers.length == 0 ? request : request.headers(headers)).build();
                    assertThat(http.send(built, HttpResponse.BodyHandlers.ofString())
                                    .body())
                            .isEqualTo("answered\n");
                }
            }
            assertThat(crowd).noneMatch(CompletableFuture::isDone);
        } finally {
            release.countDown();
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }
}
