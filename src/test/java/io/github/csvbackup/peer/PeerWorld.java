package io.github.csvbackup.peer;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.Tls;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.PeerEvidence;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The agent on NODE1, which asks played servers. */
public final class PeerWorld {
    static final PeerEvidence EVIDENCE = new PeerEvidence(
            SampleEvidence.stopped(Duration.ofMinutes(4)), SampleEvidence.running(), MachineBackups.UNKNOWN, null);
    static final OwnCluster OWN =
            new OwnCluster("NODE1", List.of("NODE1", "NODE2", "NODE_3"), false, List.of("0a", "0b"), true);

    final MovableClock clock = new MovableClock();
    final PeerRecords records = new PeerRecords();
    OwnCluster own = OWN;
    Duration connecting = Duration.ofSeconds(20);
    private final Path keystore;
    private final Path trust;

    PeerWorld(Path keystore, Path trust) {
        this.keystore = keystore;
        this.trust = trust;
    }

    /** With the real time, for certificates. */
    HttpsPeers asking(PlayedServer server) throws Exception {
        return asking(server.port(), Duration.ofSeconds(20), Clock.systemUTC(), AnswerCheck.ALL);
    }

    HttpsPeers asking(int port, Duration patience, Clock certificates, AnswerCheck check) throws Exception {
        FileStatus status = new FileStatus(certificates);
        Tls tls = Tls.of(keystore, null, status, new Tls.Trust(trust, status));
        PeerSettings.Place place = new PeerSettings.Place("127.0.0.1", port);
        return new HttpsPeers(
                new PeerSettings(
                        Map.of("NODE2", place, "NODE_3", place),
                        Set.of("NODE4"),
                        8779,
                        connecting,
                        patience,
                        patience.multipliedBy(2)),
                tls.towardsPeers(certificates),
                () -> own,
                records,
                clock,
                clock::nanoTime,
                check);
    }

    /** The answer of an agent to a request. */
    public static String answer(String request, UnaryOperator<LocalEvidence> change) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("value", LocalEvidenceJson.write(change.apply(evidence(request)), SampleEvidence.NOW));
        answer.put("status", 200);
        return Json.write(answer);
    }

    public static String answer(String request) {
        return answer(request, told -> told);
    }

    private static LocalEvidence evidence(String request) {
        List<?> arguments = arguments(request);
        boolean withShadowCopies = (Boolean) arguments.get(1);
        return new LocalEvidence(
                (String) arguments.get(0),
                "HV1",
                OWN.sharedDisks(),
                "NODE2",
                "1.2",
                false,
                withShadowCopies
                        ? new PeerEvidence(
                                EVIDENCE.vss(),
                                EVIDENCE.softwareProvider(),
                                EVIDENCE.machines(),
                                NodeAnswer.of(SampleEvidence.NOW, SampleEvidence.copies(2)))
                        : EVIDENCE);
    }

    static List<?> arguments(String request) {
        try {
            return (List<?>) ((Map<?, ?>) Json.read(request)).get("arguments");
        } catch (JsonException e) {
            throw new IllegalArgumentException(request, e);
        }
    }

    /** The last question to NODE2, in one line. */
    String last() {
        PeerStatus last = records.last().get("NODE2");
        return last.outcome() + ": " + last.said() + ". " + last.remedy();
    }
}
