package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.http.TestUsers;
import io.github.csvbackup.management.Registration;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Operations that wait at one door take no place from the other one. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdedOperationsTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final ObjectName WAITING = Registration.name("Waiting");
    private static final int PLACES = 4;
    private static final String AWAIT = "{\"type\":\"exec\",\"mbean\":\"" + WAITING + "\",\"operation\":\"await\"}";

    @TempDir
    Path folder;

    private final CountDownLatch waiting = new CountDownLatch(PLACES);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** An operation for operators. */
    public interface WaitingMBean {
        String await() throws InterruptedException;
    }

    /** Waits until the test lets it go on. */
    public final class Waiting implements WaitingMBean {
        @Override
        public String await() throws InterruptedException {
            waiting.countDown();
            goOn.await();
            return "done";
        }
    }

    @BeforeEach
    void register() throws Exception {
        SERVER.registerMBean(new Waiting(), WAITING);
    }

    @AfterEach
    void unregister() throws Exception {
        goOn.countDown();
        SERVER.unregisterMBean(WAITING);
    }

    private static String send(TwoDoors doors, URI door, String body, Map<String, String> headers) {
        try {
            return doors.send(door, "jolokia/", body, headers).body();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void theOtherDoorHasItsOwnPlaces() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        try (Agent agent = doors.start(doors.options())) {
            Map<String, String> token = Map.of("Authorization", "Bearer " + agent.token());
            Map<String, String> operator = Map.of("Authorization", TestUsers.authorization(TestUsers.OPERATOR));
            String audit = TwoDoors.exec("recentAudit", "1");
            List<CompletableFuture<String>> held = new ArrayList<>();
            for (int i = 0; i < PLACES; i++) {
                held.add(CompletableFuture.supplyAsync(
                        () -> send(doors, agent.url(), AWAIT, token),
                        task -> new Thread(task, "waiting client").start()));
            }
            waiting.await();

            assertThat(send(doors, agent.url(), audit, token))
                    .as("otherwise this test shows nothing")
                    .contains("\"status\":429");
            assertThat(send(doors, TwoDoors.remote(agent), audit, operator)).contains("\"status\":200");

            goOn.countDown();
            for (CompletableFuture<String> each : held) {
                assertThat(each.get()).contains("done");
            }
        }
    }
}
