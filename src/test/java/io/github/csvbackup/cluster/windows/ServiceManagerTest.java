package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.Win32Error;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A failing service control manager: Wine answers for any machine, so remote failures are injected here. */
class ServiceManagerTest {
    private final Manager api = new Manager();
    private final SystemTexts texts = new SystemTexts();
    private final ServiceManager manager = new ServiceManager(api, new SystemCalls(texts));

    /** The system's own texts, and the codes of the queries for them. */
    private static final class SystemTexts implements Kernel32 {
        final List<Integer> asked = new ArrayList<>();

        @Override
        public boolean GetComputerNameEx(int nameType, char[] name, IntByReference length) {
            return false;
        }

        @Override
        public int GetSystemDirectory(char[] directory, int size) {
            return 0;
        }

        @Override
        public int GetTimeZoneInformation(byte[] information) {
            return 0;
        }

        @Override
        public int FormatMessage(
                int flags,
                @Nullable Pointer source,
                int messageId,
                int languageId,
                char[] text,
                int size,
                @Nullable Pointer arguments) {
            asked.add(messageId);
            String found = "The disk is on fire.\r\n";
            found.getChars(0, found.length(), text, 0);
            return found.length();
        }
    }

    private static final class Manager implements Advapi32 {
        final List<String> calls = new ArrayList<>();
        String failing = "";
        int code;
        int process = 4711;
        private int open;

        private boolean fails(String function) {
            calls.add(function);
            if (function.startsWith(failing) && !failing.isEmpty()) {
                Native.setLastError(code);
                return true;
            }
            return false;
        }

        @Override
        public @Nullable Pointer OpenSCManager(@Nullable String machine, String database, int access) {
            return fails("OpenSCManager " + machine) ? null : Pointer.createConstant(++open);
        }

        @Override
        public @Nullable Pointer OpenService(Pointer manager, String name, int access) {
            return fails("OpenService " + name) ? null : Pointer.createConstant(++open);
        }

        @Override
        public boolean QueryServiceStatusEx(
                Pointer service, int level, byte[] status, int size, IntByReference needed) {
            if (fails("QueryServiceStatusEx")) {
                return false;
            }
            ByteBuffer.wrap(status).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 4).putInt(28, process);
            return true;
        }

        @Override
        public boolean GetUserName(char[] name, IntByReference size) {
            throw new AssertionError("not a function of the service control manager");
        }

        @Override
        public boolean CloseServiceHandle(Pointer handle) {
            open--;
            return true;
        }
    }

    @Test
    void tellsStateAndProcess() throws Exception {
        assertThat(manager.status("NODE2", "VSS")).isEqualTo(new ServiceStatus(ServiceStatus.RUNNING, 4711L, null));
        assertThat(api.calls).containsExactly("OpenSCManager NODE2", "OpenService VSS", "QueryServiceStatusEx");
        api.process = 0;
        assertThat(manager.status(null, "VSS").processId()).isNull();
        assertThat(api.open).isZero();
    }

    @Test
    void tellsWhenAProcessOfThisMachineStarted() throws Exception {
        api.process = Math.toIntExact(ProcessHandle.current().pid());

        assertThat(manager.status(null, "VSS").startTime())
                .isEqualTo(ProcessHandle.current().info().startInstant().orElseThrow());
        assertThat(manager.status("NODE2", "VSS").startTime()).isNull();
    }

    @Test
    void whoCannotBeAskedIsUnknownWithARemedyAndNoHandleIsLeftOpenForEveryCodeOfTheTable() {
        for (Win32Error error : Win32Error.all()) {
            if (error.code() == 0) {
                continue;
            }
            for (String function : List.of("OpenSCManager", "OpenService", "QueryServiceStatusEx")) {
                api.failing = function;
                api.code = error.code();

                assertThatThrownBy(() -> manager.status("NODE2", "VSS"))
                        .as("%s %s", function, error)
                        .isInstanceOfSatisfying(ClusterException.class, e -> {
                            assertThat(e.code()).isEqualTo(error.code());
                            assertThat(e.getMessage()).startsWith(function + " failed with ");
                            assertThat(e.remedy()).isEqualTo(error.remedy());
                        });
                assertThat(api.open).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OpenSCManager", "OpenService", "QueryServiceStatusEx"})
    void whatFailsWithoutAnErrorIsNotCalledASuccess(String function) {
        api.failing = function;
        api.code = 0;

        assertThatThrownBy(() -> manager.status("NODE2", "VSS"))
                .isInstanceOf(ClusterException.class)
                .hasMessage(function + " failed and gave no error code");
    }

    @Test
    void theSystemIsAskedForTextsThatTheTableLacksAndForNoOthers() {
        api.failing = "OpenService";
        for (Win32Error error : Win32Error.all()) {
            api.code = error.code();
            assertThatThrownBy(() -> manager.status("NODE2", "VSS")).isInstanceOf(ClusterException.class);
        }
        assertThat(texts.asked).isEmpty();

        api.code = 1392;
        assertThatThrownBy(() -> manager.status("NODE2", "VSS"))
                .hasMessageStartingWith("OpenService failed with Win32 error 1392: The disk is on fire");
        assertThat(texts.asked).containsExactly(1392);
    }
}
