package io.github.csvbackup.peer;

import io.github.csvbackup.cluster.NodeVolume;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.PeerEvidence;
import io.github.csvbackup.watch.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers for tests. */
public final class SampleEvidence {
    public static final String QUESTION = "0123456789abcdef0123456789abcdef";
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Problem PROBLEM = new Problem("the \"call\" to NODE2 failed", "Look at C:\\Gr\u00fcn/log.");

    static final MachineBackups MACHINES = new MachineBackups(
            true,
            List.of(
                    new MachineBackup(
                            new VolumeKey("0a", "\\\\?\\Volume{00000000-0000-0000-0000-000000000001}\\"),
                            "NODE2",
                            "SQL-7",
                            NOW.minusMillis(12_345)),
                    new MachineBackup(new VolumeKey("0b", "\\\\?\\Volume{2}\\"), "NODE2", "Gr\u00fcn 1", NOW)));

    private SampleEvidence() {}

    public static PeerEvidence.Seen stopped(Duration quiet) {
        return new PeerEvidence.Seen(new ServiceStatus(ServiceStatus.STOPPED, null, null), quiet, null);
    }

    static PeerEvidence.Seen running() {
        return new PeerEvidence.Seen(
                new ServiceStatus(ServiceStatus.RUNNING, 4242L, Instant.parse("2026-03-01T11:59:58.123456700Z")),
                Duration.ZERO,
                null);
    }

    static PeerEvidence.Seen unread() {
        return new PeerEvidence.Seen(null, Duration.ZERO, PROBLEM);
    }

    static String id(int number) {
        return String.format(Locale.ROOT, "{1d000000-0000-4000-8000-%012x}", number);
    }

    public static ShadowCopies copies(int number) {
        List<ShadowCopy> copies = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            copies.add(new ShadowCopy(
                    id(i),
                    "{5e700000-0000-4000-8000-000000000001}",
                    "{b5946137-7b9f-4925-af80-51abd60b20d5}",
                    "\\\\?\\Volume{00000000-0000-0000-0000-000000000001}\\",
                    "NODE2.example.com",
                    i % 2 == 0,
                    12,
                    i == 0 ? null : Instant.parse("2026-03-01T10:00:00.5Z")));
        }
        return new ShadowCopies(
                copies,
                new ServiceStatus(ServiceStatus.STOPPED, null, null),
                List.of(
                        new NodeVolume("\\\\?\\Volume{00000000-0000-0000-0000-000000000002}\\", "D:", "NTFS"),
                        new NodeVolume("\\\\?\\Volume{00000000-0000-0000-0000-000000000001}\\", "", "")));
    }

    public static LocalEvidence of(
            PeerEvidence.Seen vss, PeerEvidence.Seen provider, @Nullable NodeAnswer<ShadowCopies> shadowCopies) {
        return new LocalEvidence(
                QUESTION,
                "HV1",
                List.of("0a", "0b"),
                "NODE2",
                "1.2",
                true,
                new PeerEvidence(vss, provider, MACHINES, shadowCopies));
    }

    /** Answers of all kinds. */
    public static List<LocalEvidence> all() {
        return List.of(
                of(stopped(Duration.ofMillis(181_234)), stopped(Duration.ZERO), null),
                of(running(), unread(), null),
                of(unread(), running(), NodeAnswer.none(NOW, PROBLEM)),
                of(running(), running(), NodeAnswer.of(NOW, copies(0))),
                of(running(), stopped(Duration.ofDays(400)), NodeAnswer.of(NOW, copies(3))));
    }
}
