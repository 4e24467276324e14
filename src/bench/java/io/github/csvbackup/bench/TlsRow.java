package io.github.csvbackup.bench;

import io.github.csvbackup.hostile.TlsDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

/** Scrapes on a kept connection with TLS and a password, against plain ones without. */
final class TlsRow implements Row {
    private static final int ROUNDS = 5;
    /** Long: client and agent compile the cipher first, and each does so in a second thread of two cores. */
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private static final Duration A_TURN = Duration.ofSeconds(1);

    @Override
    public void measure(Lab lab, String name) throws Exception {
        TlsDoor tls = TlsDoor.in(Files.createTempDirectory(lab.folder(), "tls"));
        for (Jdk jdk : lab.jdks()) {
            Setup open = Setup.agent(3, 3);
            Setup secured = Setup.agent(3, 3);
            int port = Door.free().port();
            for (String option : tls.options(port)) {
                secured = secured.with(option.substring("--".length()));
            }
            try (Jvm plain = lab.startReady(jdk, open);
                    Jvm closed = lab.start(jdk, secured)) {
                Door plainDoor = plain.door();
                Door door = closed.door().at(port).secured(tls.trust(), tls.authorization());
                await(door);
                await(plainDoor);
                Values onTls = new Values();
                Values onPlain = new Values();
                Load.of(door, "/metrics", 1, WARM_UP);
                Load.of(plainDoor, "/metrics", 1, WARM_UP);
                for (int round = 0; round < ROUNDS; round++) {
                    onTls.add(Load.of(door, "/metrics", 1, A_TURN).perSecond());
                    onPlain.add(Load.of(plainDoor, "/metrics", 1, A_TURN).perSecond());
                }
                lab.report()
                        .line(name, jdk, "scrapes with TLS, against plain", "0.70")
                        .is(onTls, Unit.PER_SECOND, "plain", onPlain);
            }
        }
    }

    private static void await(Door door) throws IOException {
        for (long end = System.nanoTime() + Duration.ofMinutes(1).toNanos(); System.nanoTime() - end < 0; ) {
            try (Connection connection = door.connect()) {
                if (connection.get("/metrics").status() == 200) {
                    return;
                }
            } catch (IOException e) {
                Lab.pause(Duration.ofMillis(50));
            }
        }
        throw new IOException("the agent does not answer with TLS");
    }
}
