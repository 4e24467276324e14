package io.github.csvbackup.http.jolokia;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.http.Reply;
import io.github.csvbackup.http.Request;
import io.github.csvbackup.http.RequestBody;
import io.github.csvbackup.openmbean.OpenMBean;
import io.github.csvbackup.openmbean.ReadOnlyOperation;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Identity;
import io.github.csvbackup.security.Role;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another node of the cluster may do through Jolokia, how often, and how much at once. */
@Timeout(60)
class PeerAccessTest {
    private static final String BEAN = "io.github.csvbackup:type=Probe";
    private static final Identity NODE2 = new Identity("NODE2", Role.PEER);
    private static final Identity NODE3 = new Identity("NODE3", Role.PEER);
    private static final String REFUSAL = "The certificate of NODE2 has the role peer, which may read /healthz and call"
            + " localEvidence only. All else needs a name and a password from the users file.";

    /** An operation for each role. */
    public interface Probe {
        int getNumber();

        void setNumber(int number);

        @ReadOnlyOperation(Role.ANONYMOUS)
        String assess();

        @ReadOnlyOperation
        String list();

        @ReadOnlyOperation(Role.PEER)
        String localEvidence();

        @ReadOnlyOperation(Role.PEER)
        String await();

        String clear();
    }

    private final AtomicLong nanos = new AtomicLong();
    private final Semaphore waiting = new Semaphore(0);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private JolokiaEndpoint endpoint;

    private final class ProbeBean implements Probe {
        @Override
        public int getNumber() {
            return 7;
        }

        @Override
        public void setNumber(int number) {
            throw new AssertionError("no test may write");
        }

        @Override
        public String assess() {
            return "assessed";
        }

        @Override
        public String list() {
            return "listed";
        }

        @Override
        public String localEvidence() {
            return "told to " + CurrentRequest.caller().orElseThrow().role();
        }

        @Override
        public String await() {
            waiting.release();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "waited";
        }

        @Override
        public String clear() {
            return "cleared";
        }
    }

    @BeforeEach
    void register() throws Exception {
        MBeanServer beans = MBeanServerFactory.newMBeanServer();
        beans.registerMBean(new OpenMBean(Probe.class, new ProbeBean()), new ObjectName(BEAN));
        endpoint = new JolokiaEndpoint(beans, "io.github.csvbackup", AnonymousAccess.ASSESS, nanos::get, 1);
    }

    @AfterEach
    void letGo() {
        goOn.countDown();
    }

    private Reply post(String json, Identity identity) {
        return endpoint.answer(new Request(
                "POST",
                URI.create("/jolokia/"),
                new RequestBody(json.getBytes(StandardCharsets.UTF_8)),
                null,
                null,
                identity,
                "192.0.2.2",
                "https://node1.example.com:8779/"));
    }

    private static String exec(String operation) {
        return "{\"type\":\"exec\",\"mbean\":\"" + BEAN + "\",\"operation\":\"" + operation + "\"}";
    }

    private Reply call(String operation, Identity identity) {
        return post(exec(operation), identity);
    }

    @Test
    void anotherNodeMayAskForLocalEvidence() {
        assertThat(call("localEvidence", NODE2).body()).contains("\"value\":\"told to PEER\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"version\"}",
                "{\"type\":\"list\"}",
                "{\"type\":\"search\",\"mbean\":\"*:*\"}",
                "{\"type\":\"read\",\"mbean\":\"" + BEAN + "\",\"attribute\":\"Number\"}",
                "{\"type\":\"read\",\"mbean\":\"" + BEAN + "\"}",
                "{\"type\":\"read\",\"mbean\":\"*:*\"}",
                "{\"type\":\"write\",\"mbean\":\"" + BEAN + "\",\"attribute\":\"Number\",\"value\":9}",
                "{\"type\":\"exec\",\"mbean\":\"" + BEAN + "\",\"operation\":\"assess\"}",
                "{\"type\":\"exec\",\"mbean\":\"" + BEAN + "\",\"operation\":\"list\"}",
                "{\"type\":\"exec\",\"mbean\":\"" + BEAN + "\",\"operation\":\"clear\"}",
                "{\"type\":\"exec\",\"mbean\":\"" + BEAN + "\",\"operation\":\"none\"}",
            })
    void anotherNodeMayDoNothingElse(String json) throws Exception {
        Map<?, ?> answer = Door.object(post(json, NODE2));

        assertThat(answer.get("status")).isEqualTo(403L);
        assertThat(answer.get("error")).isEqualTo("java.lang.Exception : " + REFUSAL);
    }

    @Test
    void inABulkOnlyThatPartIsAnswered() {
        assertThat(post("[" + exec("clear") + "," + exec("localEvidence") + "]", NODE2)
                        .body())
                .contains("\"status\":403", REFUSAL.replace("/", "\\/"), "told to PEER")
                .doesNotContain("cleared");
    }

    @Test
    void anOperatorMayAskAndAReaderAndAnAnonymousClientMayNot() {
        assertThat(call("localEvidence", new Identity("cay", Role.OPERATOR)).body())
                .contains("told to OPERATOR");
        assertThat(call("localEvidence", new Identity("ann", Role.READER)).body())
                .contains(
                        "\"status\":403",
                        "localEvidence requires the operator role, and ann is a reader. Ask an operator, or change your role"
                                + " in the users file.");
        Reply anonymous = call("localEvidence", Identity.ANONYMOUS);
        assertThat(anonymous.status()).isEqualTo(401);
        assertThat(anonymous.body()).startsWith("localEvidence needs the operator's token. Send it as Authorization:");
    }

    @Test
    void eachNodeHasARateOfItsOwnThatSufficesForPollsAndClears() {
        for (int i = 0; i < OperationLimits.PEERS_PER_SECOND; i++) {
            assertThat(call("localEvidence", NODE2).status()).isEqualTo(200);
        }
        assertThat(call("localEvidence", NODE2).status()).isEqualTo(429);
        assertThat(call("localEvidence", NODE3).status()).isEqualTo(200);
        assertThat(call("localEvidence", new Identity("NODE2", Role.OPERATOR)).status())
                .isEqualTo(200);
        nanos.addAndGet(1_000_000_000L);
        assertThat(call("localEvidence", NODE2).status()).isEqualTo(200);
    }

    @Test
    void eachNodeHasPlacesOfItsOwnThatOthersDoNotTake() throws Exception {
        List<CompletableFuture<Reply>> held = new ArrayList<>();
        for (int i = 0; i < OperationLimits.PLACES_OF_A_PEER; i++) {
            held.add(CompletableFuture.supplyAsync(() -> call("await", NODE2), task -> new Thread(task).start()));
            waiting.acquire();
        }

        assertThat(call("localEvidence", NODE2).status()).isEqualTo(429);
        assertThat(call("localEvidence", NODE3).status()).isEqualTo(200);
        assertThat(call("list", new Identity("NODE2", Role.READER)).status()).isEqualTo(200);
        goOn.countDown();
        for (CompletableFuture<Reply> each : held) {
            assertThat(each.get().status()).isEqualTo(200);
        }
        assertThat(call("localEvidence", NODE2).status()).isEqualTo(200);
    }
}
