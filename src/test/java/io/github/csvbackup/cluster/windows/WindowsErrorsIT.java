package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.Win32Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every code of the error table through every function of the read path and the clear: the report of the poll, the guard's checks, whether
 * handles are reopened, and that none is left open.
 */
@ExtendWith(WithWineLab.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class WindowsErrorsIT {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final int RPC_SERVER_UNAVAILABLE = 1722;

    private static WineLab lab;
    private static LabAgent agent;

    /** The expected report of a function's failure, with new handles if its code asks for them. */
    private enum Failure {
        POLL,
        NODE,
        DISK
    }

    /** A function of the read path; {@code fresh}: it is called only while handles are being opened. */
    enum Function {
        GetNodeClusterState(Failure.POLL, true, true),
        OpenClusterEx(Failure.POLL, true, false),
        GetClusterInformation(Failure.POLL, true, true),
        ClusterOpenEnum(Failure.POLL, false, false),
        ClusterEnum(Failure.POLL, false, true),
        OpenClusterNodeEx(Failure.NODE, true, false),
        GetClusterNodeState(Failure.NODE, false, false),
        ClusterNodeControl(Failure.NODE, false, true),
        OpenClusterResourceEx(Failure.DISK, true, false),
        GetClusterResourceState(Failure.DISK, false, false),
        ClusterResourceControl(Failure.DISK, false, true);

        private final Failure failure;
        final boolean fresh;
        /** Returns its code, so that 0 is success. */
        final boolean returnsCode;

        Function(Failure failure, boolean fresh, boolean returnsCode) {
            this.failure = failure;
            this.fresh = fresh;
            this.returnsCode = returnsCode;
        }

        boolean takes(Win32Error error) {
            boolean success = error.code() == 0 && returnsCode;
            boolean end = this == ClusterEnum && error.reading() == Win32Error.Reading.END;
            return !success && !end;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        lab = WithWineLab.lab();
        // Whatever the tests before left.
        lab.service(Cluster.VSS, false);
        lab.cluster().reset().small("NODE9").node("NODE8", 1, "0").write();
        lab.cluster().put("shadows", "end=0 0\n");
        lab.cluster().put("shadows-NODE9", "end=0 0\n");
        agent = LabAgent.standalone(
                lab, "errors", "--poll-interval=60s", "--stale-after=1ms", "--quiet-time=1ms", "--allow-force=true");
        agent.await("the first poll", () -> agent.attribute("LastPollTime") != null);
        lab.cluster().state(1, 1);
        agent.refresh();
    }

    @AfterAll
    static void stop() throws Exception {
        if (agent != null) {
            agent.close();
        }
    }

    private static LabCluster cluster() {
        return lab.cluster();
    }

    private static void fault(Function function, int code) throws Exception {
        cluster().fault("fail|" + function + "|" + code + "|0").write();
    }

    private static void healthy() throws Exception {
        cluster().fault().write();
        agent.refresh();
    }

    private static void clearable() throws Exception {
        agent.await(
                "the state is clearable",
                () -> agent.exec("assess", VOLUME).get("verdict").equals("CLEARABLE"));
    }

    /** Fails until all handles are closed. */
    private static void closeAll() throws Exception {
        cluster()
                .fault(
                        "fail|ClusterOpenEnum|" + RPC_SERVER_UNAVAILABLE + "|0",
                        "fail|OpenClusterEx|" + RPC_SERVER_UNAVAILABLE + "|0")
                .write();
        agent.refresh();
    }

    /** From here on the log is complete: it contains everything that is opened. */
    private static void beginTally() throws Exception {
        closeAll();
        cluster().forgetLog();
        healthy();
    }

    private static void noHandleIsOpen() throws Exception {
        closeAll();
        agent.await("each handle is closed", () -> {
            List<String> open = new ArrayList<>(handles("open "));
            handles("close ").forEach(open::remove);
            return open.isEmpty();
        });
        assertThat(handles("open ")).isNotEmpty();
        assertThat(cluster().log("bad handle")).isEmpty();
        cluster().forgetLog();
    }

    private static List<String> handles(String verb) throws Exception {
        return cluster().log(verb).stream()
                .map(line -> line.substring(verb.length()))
                .sorted()
                .toList();
    }

    private static int sessionsOpened() throws Exception {
        return cluster().log("OpenClusterEx read").size();
    }

    /** No handle is left open for a function that is called only then. */
    private static void giveBackOrKeep(Function function) throws Exception {
        if (function.fresh) {
            closeAll();
        } else {
            healthy();
        }
    }

    /** Attempts to open the cluster during the fault, and in total once it is over. */
    private static List<Integer> sessionsOpenedSince(int before, Function function) throws Exception {
        int during = sessionsOpened() - before;
        if (function.fresh) {
            healthy();
        }
        return List.of(during, sessionsOpened() - before);
    }

    private static List<Integer> expectedSessions(Function function, boolean reopen) {
        if (!function.fresh) {
            return reopen ? List.of(1, 1) : List.of(0, 0);
        }
        if (function == Function.GetNodeClusterState) {
            return List.of(0, 1);
        }
        if (function == Function.OpenClusterEx) {
            return List.of(1, 2);
        }
        // Handles that have just been opened may be dead as well; their replacements are kept.
        return reopen ? List.of(2, 2) : List.of(1, 1);
    }

    /** A check without the node in its name. */
    private static String seen(Map<String, Object> assessed, String check) {
        for (Object each : (List<?>) assessed.get("checks")) {
            Map<?, ?> fields = (Map<?, ?>) each;
            if (fields.get("name").equals(check)) {
                return fields.get("result") + ": " + fields.get("seen") + " > " + fields.get("remedy");
            }
        }
        return "no check " + check;
    }

    @ParameterizedTest
    @EnumSource(Function.class)
    void everyCodeOfTheTable(Function function) throws Exception {
        SoftAssertions soft = new SoftAssertions();
        List<Win32Error> codes = new ArrayList<>(Win32Error.all());
        codes.removeIf(error -> !function.takes(error));
        beginTally();
        clearable();
        for (Win32Error error : codes) {
            String what = function + " " + error.code();
            boolean reopen = error.reading() == Win32Error.Reading.REOPEN;
            giveBackOrKeep(function);
            int before = sessionsOpened();
            fault(function, error.code());

            Map<String, Object> assessed = agent.exec("assess", VOLUME);

            Map<String, Object> attributes = agent.read("LastPollError", "UnreadableDisks");
            String pollError = String.valueOf(attributes.get("LastPollError"));
            List<?> disks = (List<?>) attributes.get("UnreadableDisks");
            String problem = String.valueOf(agent.volume(VOLUME).get("problem"));
            boolean noCode = error.code() == 0;
            String failure = noCode
                    ? function + " failed and gave no error code"
                    : (function + " failed with " + error).replaceFirst("[.]$", "");
            String remedy = noCode
                    ? "Check the event log of this node; the agent asks again at its next poll."
                    : error.remedy();
            String told = failure + ". " + remedy;
            soft.assertThat(assessed.get("verdict")).as(what).isEqualTo("UNPROVEN");
            switch (function.failure) {
                case POLL -> {
                    soft.assertThat(pollError).as(what).isEqualTo(told);
                    soft.assertThat(seen(assessed, "poll-fresh"))
                            .as(what)
                            .isEqualTo("UNKNOWN: the last poll failed: " + failure + " > " + remedy);
                }
                case DISK -> {
                    soft.assertThat(pollError).as(what).isEqualTo("null");
                    soft.assertThat(problem).as(what).isEqualTo(told);
                    soft.assertThat(disks.toArray()).as(what).containsExactly("Cluster Disk 1: " + told);
                    soft.assertThat(seen(assessed, "poll-fresh"))
                            .as(what)
                            .isEqualTo("UNKNOWN: the last poll could not read the volume: " + failure + " > " + remedy);
                }
                case NODE -> {
                    boolean flags = function == Function.ClusterNodeControl;
                    soft.assertThat(pollError).as(what).isEqualTo("null");
                    soft.assertThat(problem).as(what).isEqualTo("null");
                    soft.assertThat(seen(assessed, flags ? "node-accounted NODE8" : "node-accounted NODE9"))
                            .as(what)
                            .isEqualTo("UNKNOWN: "
                                    + (flags
                                            ? "NODE8 is DOWN, and the agent could not read whether it is isolated: "
                                            : "the state of NODE9 could not be read: ")
                                    + failure + " > " + remedy);
                    soft.assertThat(seen(assessed, "poll-fresh")).as(what).startsWith("PASSED: ");
                }
            }
            List<Integer> opened = sessionsOpenedSince(before, function);
            List<Integer> expected = expectedSessions(function, reopen);
            if (!opened.equals(expected)) {
                // A poll of the agent may have happened in between.
                giveBackOrKeep(function);
                before = sessionsOpened();
                fault(function, error.code());
                agent.refresh();
                opened = sessionsOpenedSince(before, function);
            }
            soft.assertThat(opened).as("sessions that %s opens", what).isEqualTo(expected);
        }
        healthy();
        soft.assertThat(agent.attribute("LastPollError")).isNull();
        soft.assertThat(agent.volume(VOLUME).get("problem")).isNull();
        clearable();
        noHandleIsOpen();
        soft.assertAll();
    }

    @Test
    void whatWantsNewHandlesIsReadOnceMoreWithThem() throws Exception {
        for (Win32Error error : Win32Error.all()) {
            if (error.reading() != Win32Error.Reading.REOPEN) {
                continue;
            }
            healthy();
            cluster().forgetLog();
            cluster()
                    .fault("fail|GetClusterResourceState|" + error.code() + "|1")
                    .write();

            agent.refresh();

            assertThat(agent.attribute("LastPollError")).as("%s", error).isNull();
            assertThat(agent.volume(VOLUME).get("problem")).as("%s", error).isNull();
            assertThat(cluster().log("OpenClusterEx read"))
                    .as("%s, once more if the I/O states met the fault", error)
                    .hasSizeBetween(1, 2);
            assertThat(cluster().log("CloseCluster")).as("%s", error).isNotEmpty();
        }
    }

    @Test
    void everyCodeOfTheClear() throws Exception {
        // A question for this node starts no VSS in the lab. So it runs before, which only a forced clear overrides.
        lab.service(Cluster.VSS, true);
        try {
            clearWithEveryCode();
        } finally {
            lab.service(Cluster.VSS, false);
        }
    }

    private static void clearWithEveryCode() throws Exception {
        beginTally();
        SoftAssertions soft = new SoftAssertions();
        int cleared = 0;
        for (Win32Error error : Win32Error.all()) {
            if (error.code() == 0) {
                continue;
            }
            cluster()
                    .fault("fail|ClusterClearBackupStateForSharedVolume|" + error.code() + "|0")
                    .write();

            // After a hundred child processes Wine's service control manager sometimes does not respond for some
            // seconds; then the clear is refused.
            Map<String, Object> result = new TreeMap<>();
            try {
                agent.await("the clear is called", () -> {
                    result.clear();
                    result.putAll(agent.exec("forceClear", VOLUME, VOLUME, "the backup product shows no job"));
                    return !result.get("outcome").equals("REFUSED");
                });
            } catch (AssertionError e) {
                throw new AssertionError(error + " after " + cleared + " clears: " + result.get("message"), e);
            }

            soft.assertThat(result.get("outcome"))
                    .as("%s: %s", error, result.get("message"))
                    .isEqualTo(error.clearing().name());
            soft.assertThat(result.get("win32Code")).isEqualTo((long) error.code());
            soft.assertThat(result.get("win32Text")).isEqualTo(error.toString());
            soft.assertThat(result.get("stateAfter")).isEqualTo("IN_PROGRESS");
            soft.assertThat(cluster().clears()).as("%s is not repeated", error).hasSize(++cleared);
        }
        soft.assertThat(sessionsOpened())
                .as("what reads keeps its handles; the I/O states are read with others once a minute")
                .isLessThan(10);
        noHandleIsOpen();
        soft.assertAll();
    }

    @Test
    void aCodeThatTheTableLacksHasTheSystemsText() throws Exception {
        healthy();
        cluster().fault("fail|ClusterOpenEnum|1392|0").write();
        agent.refresh();

        assertThat((String) agent.attribute("LastPollError"))
                .startsWith("ClusterOpenEnum failed with Win32 error 1392: ")
                .contains("corrupt")
                .endsWith("Look the code up with: net helpmsg 1392.");
    }
}
