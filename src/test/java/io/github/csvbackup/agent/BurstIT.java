package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Jit;
import io.github.csvbackup.hostile.HonestClient;
import io.github.csvbackup.hostile.HttpAnswer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scrapes of 1,000 volumes in bursts, each on a new connection: none is reset, none is incomplete. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BurstIT {
    private static final int VOLUMES = 1000;
    private static final int AT_ONCE = 16;
    private static final int BURSTS_OF_THE_USUAL_RUN = 6;
    private static final int BURSTS_OF_THE_LONG_RUN = 625;
    private static final String SERIES = "csv_backup_volume_up{";

    @TempDir
    Path folder;

    @Test
    void eachOf96GetsAllVolumes() throws Exception {
        scrape(BURSTS_OF_THE_USUAL_RUN);
    }

    @Test
    @Tag("long")
    void eachOf10000GetsAllVolumes() throws Exception {
        scrape(BURSTS_OF_THE_LONG_RUN);
    }

    private static long volumes(HttpAnswer answer) {
        return answer.text().lines().filter(line -> line.startsWith(SERIES)).count();
    }

    private void scrape(int bursts) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        try (PackagedAgent agent = PackagedAgent.withShortTimes(
                folder.resolve("agent"), List.of(Jit.ALL_COMPILERS), "--simulated-volumes=" + VOLUMES)) {
            HonestClient client = new HonestClient(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), agent.url().getPort()),
                    agent.url().getHost() + ":" + agent.url().getPort(),
                    "",
                    null,
                    HonestClient.PATIENCE);
            while (volumes(client.get("/metrics")) < VOLUMES) {
                Thread.onSpinWait();
            }
            int answers = 0;
            for (int burst = 0; burst < bursts; burst++) {
                List<Future<HttpAnswer>> asked = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    asked.add(clients.submit(() -> client.get("/metrics")));
                }
                for (Future<HttpAnswer> each : asked) {
                    HttpAnswer answer = each.get();
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(volumes(answer)).isEqualTo(VOLUMES);
                    answers++;
                }
            }
            System.out.println(answers + " of " + bursts * AT_ONCE + " scrapes were complete");
        } finally {
            clients.shutdownNow();
        }
    }
}
