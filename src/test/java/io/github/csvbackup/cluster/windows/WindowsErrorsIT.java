package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.Win32Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every code of the error table through every function of the read path and the clear: what the poll reports, what the guard says, whether
 * handles are opened anew, and that none is left open.
 */
@ExtendWith(WithWineLab.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WindowsErrorsIT {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final int RPC_SERVER_UNAVAILABLE = 1722;

    private static WineLab lab;
    private static LabAgent agent;

    /** What a failure of a function must be seen as, unless its code asks for new handles. */
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
        GetClusterResourceState(Failure.DISK, false, true),
        ClusterResourceControl(Failure.DISK, false, true);

        final Failure failure;
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
        lab.buildLibrary("clusapi");
        lab.cluster().reset().small("NODE9").node("NODE8", 1, "0").write();
        lab.cluster().put("shadows", "end=0\n");
        lab.cluster().put("shadows-NODE9", "end=0\n");
        agent = LabAgent.standalone(
                lab, "errors", "--poll-interval=60s", "--stale-after=1s", "--quiet-time=1h", "--allow-force=true");
        agent.await("the first poll", () -> agent.attribute("LastPollTime") != null);
        lab.cluster().state(1, 1);
        agent.refresh();
    }

    @AfterAll
    static void stop() throws Exception {
        if (agent != null) {
            agent.close();
            lab.buildLibrary("clusapi", "-DNOTIFY");
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

    private static String checks(Map<String, Object> assessed) {
        return String.valueOf(assessed.get("checks"));
    }

    @ParameterizedTest
    @EnumSource(Function.class)
    void everyCodeOfTheTable(Function function) throws Exception {
        SoftAssertions soft = new SoftAssertions();
        List<Win32Error> codes = new ArrayList<>(Win32Error.all());
        codes.removeIf(error -> !function.takes(error));
        for (Win32Error error : codes) {
            boolean reopen = error.reading() == Win32Error.Reading.REOPEN;
            healthy();
            if (function.fresh) {
                // No handle is left open, so that the function is called.
                fault(Function.GetClusterResourceState, RPC_SERVER_UNAVAILABLE);
                agent.refresh();
            }
            cluster().forgetLog();
            fault(function, error.code());

            Map<String, Object> assessed = agent.exec("assess", VOLUME);

            String what = function + " " + error.code();
            Map<String, Object> attributes = agent.read("LastPollError", "Volumes");
            String pollError = String.valueOf(attributes.get("LastPollError"));
            Object problem = agent.volume(VOLUME).get("problem");
            String failure = (function + " failed with " + error).replaceFirst("[.]$", "");
            soft.assertThat(assessed.get("verdict")).as(what).isEqualTo("UNPROVEN");
            if (reopen || function.failure == Failure.POLL) {
                soft.assertThat(pollError).as(what).startsWith(failure).endsWith(error.remedy());
            } else {
                soft.assertThat(pollError).as(what).isEqualTo("null");
                if (function.failure == Failure.DISK) {
                    soft.assertThat(String.valueOf(problem)).as(what).startsWith(failure);
                } else {
                    soft.assertThat(problem).as(what).isNull();
                    soft.assertThat(checks(assessed))
                            .as(what)
                            .contains(
                                    function == Function.ClusterNodeControl
                                            ? "whether it is isolated could not be read"
                                            : "the state of NODE9 is UNKNOWN");
                }
            }
            if (!function.fresh) {
                soft.assertThat(cluster().log("OpenClusterEx read").isEmpty())
                        .as("%s keeps its handles", what)
                        .isEqualTo(!reopen);
            }
        }
        healthy();
        soft.assertThat(agent.attribute("LastPollError")).isNull();
        soft.assertThat(agent.volume(VOLUME).get("problem")).isNull();
        soft.assertThat(cluster().log("bad handle")).isEmpty();
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
            assertThat(cluster().log("OpenClusterEx read")).as("%s", error).hasSize(1);
            assertThat(cluster().log("CloseCluster")).as("%s", error).isNotEmpty();
        }
    }

    @Test
    void everyCodeOfTheClear() throws Exception {
        healthy();
        SoftAssertions soft = new SoftAssertions();
        for (Win32Error error : Win32Error.all()) {
            if (error.code() == 0) {
                continue;
            }
            cluster().forgetLog();
            cluster()
                    .fault("fail|ClusterClearBackupStateForSharedVolume|" + error.code() + "|0")
                    .write();

            Map<String, Object> result = agent.exec("forceClear", VOLUME, VOLUME, "every code of the error table");

            soft.assertThat(result.get("outcome"))
                    .as("%s: %s", error, result.get("message"))
                    .isEqualTo(error.clearing().name());
            soft.assertThat(result.get("win32Code")).isEqualTo((long) error.code());
            soft.assertThat(result.get("win32Text")).isEqualTo(error.toString());
            soft.assertThat(result.get("stateAfter")).isEqualTo("IN_PROGRESS");
            soft.assertThat(cluster().clears()).as("%s is not repeated", error).hasSize(1);
        }
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
