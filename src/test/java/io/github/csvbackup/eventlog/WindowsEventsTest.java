package io.github.csvbackup.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The calls to advapi32, recorded by a double. */
class WindowsEventsTest {
    private static final Pointer HANDLE = Pointer.createConstant(17);

    private final List<String> calls = new ArrayList<>();
    private boolean fails;
    private int code;

    private final EventFunctions functions = new EventFunctions() {
        @Override
        public Pointer RegisterEventSource(String server, String source) {
            calls.add("open " + server + " " + source);
            return fails ? null : HANDLE;
        }

        @Override
        public boolean ReportEvent(
                Pointer log,
                short type,
                short category,
                int id,
                Pointer user,
                short stringCount,
                int dataSize,
                String[] strings,
                Pointer data) {
            assertThat(log).isEqualTo(HANDLE);
            assertThat(stringCount).isEqualTo((short) 1);
            assertThat(dataSize).isZero();
            calls.add("report " + type + " " + id + " " + strings[0]);
            return !fails;
        }

        @Override
        public boolean DeregisterEventSource(Pointer log) {
            calls.add("close " + log.equals(HANDLE));
            return true;
        }

        @Override
        public int RegCreateKeyEx(
                Pointer parent,
                String path,
                int reserved,
                String keyClass,
                int options,
                int access,
                Pointer security,
                PointerByReference key,
                Pointer disposition) {
            calls.add("create " + Long.toHexString(Pointer.nativeValue(parent)) + " " + path + " " + access);
            key.setValue(HANDLE);
            return code;
        }

        @Override
        public int RegSetValueEx(Pointer key, String name, int reserved, int type, byte[] data, int size) {
            assertThat(data).hasSize(size);
            calls.add("set " + name + " " + type + " "
                    + (type == REG_DWORD ? Arrays.toString(data) : new String(data, StandardCharsets.UTF_16LE)));
            return code;
        }

        @Override
        public int RegCloseKey(Pointer key) {
            calls.add("close key " + key.equals(HANDLE));
            return 0;
        }

        @Override
        public int RegDeleteKey(Pointer parent, String path) {
            calls.add("delete " + path);
            return code;
        }
    };

    @Test
    void opensTheLogAtTheFirstEventAndClosesIt() throws Exception {
        WindowsEvents events = new WindowsEvents(functions);
        assertThat(calls).isEmpty();
        events.write(EventKind.STATE_SET, "set");
        events.write(EventKind.ABANDONED, "abandoned");
        events.write(EventKind.AUDIT_DAMAGED, "damaged");
        events.close();
        events.close();

        assertThat(calls)
                .containsExactly(
                        "open null CsvBackupAgent",
                        "report 4 200 set",
                        "report 2 203 abandoned",
                        "report 1 501 damaged",
                        "close true");
    }

    @Test
    void aFailureClosesTheLogAndTheNextEventOpensItAgain() throws Exception {
        WindowsEvents events = new WindowsEvents(functions);
        events.write(EventKind.STATE_SET, "one");
        fails = true;
        assertThatThrownBy(() -> events.write(EventKind.STATE_SET, "two"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("ReportEventW failed with error ");
        assertThatThrownBy(() -> events.write(EventKind.STATE_SET, "three"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("RegisterEventSourceW failed with error ");
        fails = false;
        events.write(EventKind.STATE_SET, "four");

        assertThat(calls)
                .containsExactly(
                        "open null CsvBackupAgent",
                        "report 4 200 one",
                        "report 4 200 two",
                        "close true",
                        "open null CsvBackupAgent",
                        "open null CsvBackupAgent",
                        "report 4 200 four");
    }

    @Test
    void aTextIsOneBoundedLineInWhichTheEventViewerReplacesNothing() {
        assertThat(WindowsEvents.asString("from fe80::1%12, %%3 and %{S-1} at 100% of x"))
                .isEqualTo("from fe80::1% 12, %% 3 and % {S-1} at 100% of x");
        assertThat(WindowsEvents.asString("a\r\nb\u001b")).isEqualTo("a\\u000d\\u000ab\\u001b");
        for (String part : List.of("x", "%1", "\n", "\ud83d\ude00")) {
            assertThat(WindowsEvents.asString(part.repeat(40_000)))
                    .hasSizeLessThanOrEqualTo(31_839)
                    .endsWith(" characters)");
        }
    }

    @Test
    void theSourceIsRegisteredWithTheSystemsMessagesAndRemoved() throws Exception {
        new EventSource(functions).register();
        new EventSource(functions).unregister();

        String key = "SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\CsvBackupAgent";
        assertThat(calls)
                .containsExactly(
                        "create ffffffff80000002 " + key + " 2",
                        "set EventMessageFile 2 %SystemRoot%\\System32\\EventCreate.exe\0",
                        "set TypesSupported 4 [7, 0, 0, 0]",
                        "close key true",
                        "delete " + key);
    }

    @Test
    void aMissingRightSaysWhatToDoAndAMissingSourceIsAsGoodAsRemoved() {
        code = 5;
        assertThatThrownBy(() -> new EventSource(functions).register())
                .isInstanceOf(IOException.class)
                .hasMessage("RegCreateKeyExW failed with error 5 (access denied); run this as administrator");
        assertThatThrownBy(() -> new EventSource(functions).unregister())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("RegDeleteKeyW failed with error 5");
        code = 2;
        assertThatCode(() -> new EventSource(functions).unregister()).doesNotThrowAnyException();
    }

    @Test
    void theIdsAreThoseForWhichTheSystemHasMessages() {
        Set<Integer> ids = new HashSet<>();
        for (EventKind kind : EventKind.values()) {
            assertThat(kind.id()).isBetween(1, 1000);
            assertThat(ids.add(kind.id())).as("%s has an id of its own", kind).isTrue();
        }
    }
}
