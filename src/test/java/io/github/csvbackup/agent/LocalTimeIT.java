package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where people read local time, and what that does to a host. */
@Tag("jdk-independent")
class LocalTimeIT {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";

    @TempDir
    Path scratch;

    static List<Path> jdks() throws IOException {
        return Jdks.all();
    }

    @Test
    void onItsOwnTheAgentWritesTheTimeOfItsJvm() throws Exception {
        try (PackagedAgent agent = PackagedAgent.start(
                scratch, List.of("-Duser.timezone=Asia/Kolkata"), List.of("--poll-interval=100ms"))) {
            String body = "{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\",\"operation\":"
                    + "\"explain\",\"arguments\":[\"" + VOLUME.replace("\\", "\\\\") + "\"]}";
            String answer = "";
            while (!answer.contains("poll-fresh")) {
                answer = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(agent.url().resolve("jolokia/"))
                                        .POST(HttpRequest.BodyPublishers.ofString(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
            }

            assertThat(answer).containsPattern("poll-fresh: the volume was read [0-9-]* ?[0-9:]{8} \\+05:30");
        }
    }

    /** A JVM that is asked for its time zone keeps it in the property user.timezone, where the host's code sees it. */
    @ParameterizedTest
    @MethodSource("jdks")
    void asAGuestTheAgentWritesUtcAndTheHostsTimeZoneStaysUnset(Path jdk) throws Exception {
        String agent = "backend=simulated,port=0,poll-interval=100ms,state-dir=" + scratch.resolve("state");
        try (Host host = Host.start(jdk, scratch, List.of(Host.agent(agent)), List.of())) {
            host.ask("await-start");

            assertThat(host.ask("explain " + VOLUME))
                    .anyMatch(line -> line.matches(" *poll-fresh: the volume was read [0-9-]* ?[0-9:]{8} UTC"));
            assertThat(host.ask("properties")).noneMatch(line -> line.startsWith("user.timezone="));
            assertThat(host.end()).isZero();
        }
    }
}
