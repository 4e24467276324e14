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

/** Who may call what through Jolokia, how often, and how many calls run at once. */
@Timeout(60)
class AccessTest {
    private static final String BEAN = "io.github.csvbackup:type=Probe";
    private static final Identity ANN = new Identity("ann", Role.READER);
    private static final Identity BOB = new Identity("bob", Role.READER);
    private static final Identity EVE = new Identity("eve", Role.READER);
    private static final Identity CAY = new Identity("cay", Role.OPERATOR);

    /** An operation for each role; each returns its caller. */
    public interface Probe {
        int getNumber();

        void setNumber(int number);

        @ReadOnlyOperation(Role.ANONYMOUS)
        String assess();

        @ReadOnlyOperation
        String list();

        @ReadOnlyOperation
        String await();

        String clear();
    }

    private volatile int number = 7;
    private final AtomicLong nanos = new AtomicLong();
    private final Semaphore waiting = new Semaphore(0);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private MBeanServer beans;

    private final class ProbeBean implements Probe {
        private static String caller() {
            return "called by " + CurrentRequest.caller().orElseThrow().role();
        }

        @Override
        public int getNumber() {
            return number;
        }

        @Override
        public void setNumber(int changed) {
            if (changed < 0) {
                throw new IllegalArgumentException("A number is 0 or more.");
            }
            number = changed;
        }

        @Override
        public String assess() {
            return caller();
        }

        @Override
        public String list() {
            return caller();
        }

        @Override
        public String await() {
            waiting.release();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return caller();
        }

        @Override
        public String clear() {
            return caller();
        }
    }

    @BeforeEach
    void register() throws Exception {
        beans = MBeanServerFactory.newMBeanServer();
        beans.registerMBean(new OpenMBean(Probe.class, new ProbeBean()), new ObjectName(BEAN));
    }

    @AfterEach
    void letGo() {
        goOn.countDown();
    }

    private JolokiaEndpoint endpoint(AnonymousAccess anonymous) {
        return new JolokiaEndpoint(beans, "io.github.csvbackup", anonymous, nanos::get, 1);
    }

    private static Request request(String json, Identity identity, String address) {
        return new Request(
                "POST",
                URI.create("/jolokia/"),
                new RequestBody(json.getBytes(StandardCharsets.UTF_8)),
                null,
                null,
                identity,
                address,
                "http://127.0.0.1:8778/");
    }

    private static String exec(String operation) {
        return "{\"type\":\"exec\",\"mbean\":\"" + BEAN + "\",\"operation\":\"" + operation + "\"}";
    }

    private static Reply call(JolokiaEndpoint endpoint, String operation, Identity identity) {
        return endpoint.answer(request(exec(operation), identity, "127.0.0.1"));
    }

    private CompletableFuture<Reply> callAndWait(JolokiaEndpoint endpoint, Identity identity) throws Exception {
        CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(
                () -> call(endpoint, "await", identity), task -> new Thread(task).start());
        waiting.acquire();
        return reply;
    }

    @Test
    void withoutCredentialsOneMayAssessAndNotListShadowCopies() {
        JolokiaEndpoint endpoint = endpoint(AnonymousAccess.ASSESS);

        assertThat(call(endpoint, "assess", Identity.ANONYMOUS).body()).contains("called by ANONYMOUS");
        Reply list = call(endpoint, "list", Identity.ANONYMOUS);
        assertThat(list.status()).isEqualTo(401);
        assertThat(list.headers()).containsKey("WWW-Authenticate");
        assertThat(list.body()).startsWith("list needs the operator's token. Send it");
        Reply clear = call(endpoint, "clear", Identity.ANONYMOUS);
        assertThat(clear.status()).isEqualTo(401);
        assertThat(clear.body()).startsWith("clear needs the operator's token. Send it");
    }

    @Test
    void whereAnonymousMayOnlyReadAssessingNeedsCredentials() {
        JolokiaEndpoint endpoint = endpoint(AnonymousAccess.READ);
        String read = "{\"type\":\"read\",\"mbean\":\"" + BEAN + "\",\"attribute\":\"Number\"}";

        assertThat(endpoint.answer(request(read, Identity.ANONYMOUS, "127.0.0.1"))
                        .body())
                .contains("\"value\":7");
        Reply assess = call(endpoint, "assess", Identity.ANONYMOUS);
        assertThat(assess.status()).isEqualTo(401);
        assertThat(assess.body()).startsWith("assess needs the operator's token. Send it");
        assertThat(call(endpoint, "assess", ANN).body()).contains("called by READER");
    }

    /** The credentials are correct, so the answer does not ask for other ones. */
    @Test
    void aReaderWhoMayNotClearIsForbiddenToAndTheRestOfABulkIsAnswered() {
        JolokiaEndpoint endpoint = endpoint(AnonymousAccess.ASSESS);

        Reply alone = call(endpoint, "clear", ANN);
        Reply bulk = endpoint.answer(request("[" + exec("clear") + "," + exec("list") + "]", ANN, "127.0.0.1"));

        assertThat(alone.headers()).doesNotContainKey("WWW-Authenticate");
        assertThat(alone.body())
                .contains("\"status\":403", "clear requires the operator role, and ann is a reader. Ask an operator");
        assertThat(bulk.body()).contains("\"status\":403", "\"status\":200", "called by READER");
        assertThat(call(endpoint, "clear", CAY).body()).contains("called by OPERATOR");
        assertThat(call(endpoint, "clear", Identity.TOKEN).body()).contains("called by OPERATOR");
    }

    @Test
    void onlyAnOperatorMayWriteAnAttribute() {
        JolokiaEndpoint endpoint = endpoint(AnonymousAccess.ASSESS);
        String write = "{\"type\":\"write\",\"mbean\":\"" + BEAN + "\",\"attribute\":\"Number\",\"value\":9}";

        Reply anonymous = endpoint.answer(request(write, Identity.ANONYMOUS, "127.0.0.1"));
        assertThat(anonymous.status()).isEqualTo(401);
        assertThat(anonymous.body()).startsWith("Writing Number needs the operator's token. Send it");
        assertThat(endpoint.answer(request(write, ANN, "127.0.0.1")).body())
                .contains("\"status\":403", "Writing Number requires the operator role, and ann is a reader.");
        assertThat(number).isEqualTo(7);

        assertThat(endpoint.answer(request(write, CAY, "127.0.0.1")).body()).contains("\"status\":200", "\"value\":7");
        assertThat(number).isEqualTo(9);
    }

    @Test
    void aWriteThatIsAMistakeChangesNothingAndSaysWhy() {
        JolokiaEndpoint endpoint = endpoint(AnonymousAccess.ASSESS);
        String write = "{\"type\":\"write\",\"mbean\":\"" + BEAN + "\",\"attribute\":\"Number\",\"value\":";
        Request byGet = new Request(
                "GET",
                URI.create("/jolokia/write/" + BEAN + "/Number/9"),
                new RequestBody(new byte[0]),
                null,
                null,
                CAY,
                "127.0.0.1",
                "http://127.0.0.1:8778/");

        assertThat(endpoint.answer(request(write + "-1}", CAY, "127.0.0.1")).body())
                .contains("\"status\":400", "A number is 0 or more.");
        assertThat(endpoint.answer(request(write + "[1]}", CAY, "127.0.0.1")).body())
                .contains("\"status\":400", "must be a string, a number, true, false or null, not [1].");
        assertThat(endpoint.answer(request(
                                (write + "1}").replace(":Number", ":None").replace("\"Number\"", "\"None\""),
                                CAY,
                                "127.0.0.1"))
                        .body())
                .contains("\"status\":404");
        assertThat(endpoint.answer(byGet).body())
                .contains("\"status\":403", "Use POST to write an attribute, not GET.");
        assertThat(number).isEqualTo(7);
    }

    @Test
    void operatorsHavePlacesThatReadersDoNotTake() throws Exception {
        JolokiaEndpoint endpoint = endpoint(AnonymousAccess.ASSESS);
        List<CompletableFuture<Reply>> held = new ArrayList<>();
        held.add(callAndWait(endpoint, ANN));

        assertThat(call(endpoint, "list", ANN).status())
                .as("one reader has one place")
                .isEqualTo(429);
        held.add(callAndWait(endpoint, BOB));
        assertThat(call(endpoint, "list", EVE).status()).as("readers have two").isEqualTo(429);

        for (int i = 0; i < OperationLimits.OPERATORS_PLACES; i++) {
            held.add(callAndWait(endpoint, i < 2 ? CAY : Identity.TOKEN));
        }
        assertThat(call(endpoint, "list", CAY).status()).isEqualTo(429);
        assertThat(call(endpoint, "assess", Identity.ANONYMOUS).status()).isEqualTo(200);

        goOn.countDown();
        for (CompletableFuture<Reply> each : held) {
            assertThat(each.get().status()).isEqualTo(200);
        }
        nanos.addAndGet(1_000_000_000L);
        for (Identity each : List.of(ANN, BOB, EVE, CAY, Identity.TOKEN)) {
            assertThat(call(endpoint, "list", each).status())
                    .as("%s: the place is free again", each)
                    .isEqualTo(200);
        }
    }

    @Test
    void eachNameAndEachAddressHasARateOfItsOwn() {
        JolokiaEndpoint endpoint = endpoint(AnonymousAccess.ASSESS);
        while (call(endpoint, "assess", Identity.ANONYMOUS).status() == 200) {}
        while (call(endpoint, "assess", ANN).status() == 200) {}

        assertThat(endpoint.answer(request(exec("assess"), Identity.ANONYMOUS, "127.9.9.9"))
                        .status())
                .as("the same machine by another of its addresses")
                .isEqualTo(429);
        assertThat(endpoint.answer(request(exec("assess"), Identity.ANONYMOUS, "10.0.0.1"))
                        .status())
                .isEqualTo(200);
        assertThat(call(endpoint, "assess", BOB).status()).isEqualTo(200);
        for (int i = 0; i < 20; i++) {
            assertThat(call(endpoint, "assess", CAY).status()).isEqualTo(200);
        }
    }
}
