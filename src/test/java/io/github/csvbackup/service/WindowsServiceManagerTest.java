package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives at the functions of Windows. Wine does not keep the recovery and the delayed start, so a double reads them here. */
class WindowsServiceManagerTest {
    private static final String NAME = "CsvBackupAgent";
    private static final String COMMAND_LINE = "\"C:\\java.exe\" -jar C:\\agent.jar service run";
    private static final ServiceSettings SETTINGS = ServiceSettings.ofAgent(COMMAND_LINE, null);

    private final List<String> calls = new ArrayList<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final List<Memory> kept = new ArrayList<>();
    private int open;
    private String existingRight = "";
    private final Advapi32 api = (Advapi32) Proxy.newProxyInstance(
            Advapi32.class.getClassLoader(),
            new Class<?>[] {Advapi32.class},
            (proxy, method, arguments) -> answer(method.getName(), arguments));
    private final ServiceManager manager = new WindowsServiceManager(api);

    @AfterEach
    void everyHandleIsClosed() {
        assertThat(open).isZero();
    }

    private Object answer(String function, Object[] arguments) {
        Integer failure = failures.get(function);
        boolean opens = function.startsWith("Open") || function.equals("CreateService");
        if (failure != null) {
            calls.add(function);
            Native.setLastError(failure);
            return opens ? null : function.startsWith("Lsa") ? (Object) failure : false;
        }
        if (opens) {
            open++;
            calls.add(
                    function.equals("CreateService")
                            ? function + " " + text(arguments, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12)
                            : function + " " + text(arguments, 1, 2));
            return Pointer.createConstant(open);
        }
        return switch (function) {
            case "CloseServiceHandle" -> {
                open--;
                yield true;
            }
            case "QueryServiceStatusEx" -> status((byte[]) arguments[2]);
            case "QueryServiceConfig" -> config((Memory) arguments[1]);
            case "ChangeServiceConfig2" -> configured((int) arguments[1], (Memory) arguments[2]);
            case "ChangeServiceConfig" -> add(function + " " + text(arguments, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
            case "LookupAccountName" -> sid((byte[]) arguments[2], (IntByReference) arguments[3]);
            case "LsaOpenPolicy" -> {
                ((PointerByReference) arguments[3]).setValue(Pointer.createConstant(7));
                yield status(add(function + " " + arguments[2] + ", attributes " + ((Memory) arguments[1]).size()));
            }
            case "LsaEnumerateAccountRights" ->
                rights((PointerByReference) arguments[2], (IntByReference) arguments[3]);
            case "LsaAddAccountRights" -> status(add(function + " " + right((Memory) arguments[2])));
            case "LsaRemoveAccountRights" -> status(add(function + " " + right((Memory) arguments[3])));
            case "LsaNtStatusToWinError" -> 5;
            case "LsaFreeMemory", "LsaClose" -> 0;
            default -> add(function + (function.equals("ControlService") ? " " + arguments[1] : ""));
        };
    }

    private boolean add(String call) {
        return calls.add(call);
    }

    private static int status(boolean ok) {
        return ok ? 0 : -1;
    }

    private static String text(Object[] arguments, int... places) {
        StringBuilder text = new StringBuilder();
        for (int place : places) {
            text.append(text.length() == 0 ? "" : ", ").append(arguments[place]);
        }
        return text.toString();
    }

    private static boolean status(byte[] bytes) {
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(4, 1)
                .putInt(12, 1066)
                .putInt(16, 2)
                .putInt(28, -2);
        return true;
    }

    private boolean config(Memory config) {
        config.setPointer(16, keep(COMMAND_LINE));
        config.setPointer(48, keep("DOMAIN\\agent$"));
        config.setPointer(56, null);
        return true;
    }

    private Memory keep(String text) {
        Memory memory = ServiceStructures.wideText(text);
        kept.add(memory);
        return memory;
    }

    private boolean configured(int level, Memory information) {
        StringBuilder text = new StringBuilder("level " + level + ":");
        if (level == 1) {
            text.append(' ').append(information.getPointer(0).getWideString(0));
        } else if (level == 2) {
            text.append(" reset ").append(information.getInt(0));
            text.append(", message ").append(information.getPointer(8));
            text.append(", command ").append(information.getPointer(16));
            Pointer actions = information.getPointer(32);
            for (int i = 0; i < information.getInt(24); i++) {
                text.append(", action ").append(actions.getInt(8L * i));
                text.append(" after ").append(actions.getInt(8L * i + 4));
            }
            text.append(", bytes ").append(information.size());
        } else {
            text.append(' ').append(information.getInt(0));
        }
        return add(text.toString());
    }

    private static boolean sid(byte[] sid, IntByReference size) {
        sid[0] = 1;
        size.setValue(28);
        return true;
    }

    /** A list with two rights: one of the agent's account that is longer, and {@code existingRight}. */
    private int rights(PointerByReference list, IntByReference count) {
        if (existingRight.isEmpty()) {
            return 0xC0000034;
        }
        Memory rights = new Memory(32);
        kept.add(rights);
        int at = 0;
        for (String right : List.of("SeBatchLogonRightX", existingRight)) {
            byte[] text = right.getBytes(StandardCharsets.UTF_16LE);
            Memory memory = new Memory(text.length);
            memory.write(0, text, 0, text.length);
            kept.add(memory);
            rights.setShort(at, (short) text.length);
            rights.setPointer(at + 8L, memory);
            at += 16;
        }
        list.setValue(rights);
        count.setValue(2);
        return 0;
    }

    private static String right(Memory string) {
        return string.getPointer(8).getWideString(0) + ", " + string.getShort(0) + " of " + string.getShort(2)
                + " bytes";
    }

    @Test
    void createsAServiceOfItsOwnProcessThatStartsWithWindowsAndDependsOnNothing() throws ServiceException {
        manager.create(NAME, SETTINGS);

        assertThat(calls)
                .containsExactly(
                        "OpenSCManager ServicesActive, 2",
                        "CreateService CsvBackupAgent, CSV backup agent, 16, 2, 1, " + COMMAND_LINE
                                + ", null, null, null, null, null");
    }

    @Test
    void aManagedAccountHasNoPassword() throws ServiceException {
        manager.create(NAME, ServiceSettings.ofAgent(COMMAND_LINE, "DOMAIN\\agent$"));

        assertThat(calls.get(1)).endsWith(", null, null, null, DOMAIN\\agent$, null");
    }

    @Test
    void asksForRecoveryDelayedStartAndTimeForAShutdown() throws ServiceException {
        assertThat(manager.configure(NAME, SETTINGS)).isEmpty();

        assertThat(calls)
                .containsExactly(
                        "OpenSCManager ServicesActive, 1",
                        // To change the configuration; a restart as recovery also needs the right to start.
                        "OpenService CsvBackupAgent, 18",
                        "level 1: " + AgentService.DESCRIPTION,
                        "level 2: reset 86400, message null, command null, action 1 after 10000, action 1 after 60000,"
                                + " action 1 after 300000, bytes 40",
                        "level 3: 1",
                        "level 4: 1",
                        "level 7: 60000");
    }

    @Test
    void namesTheSettingsThatASystemLacks() throws ServiceException {
        failures.put("ChangeServiceConfig2", 124);

        assertThat(manager.configure(NAME, SETTINGS))
                .containsExactly(
                        "the description",
                        "the restart after a failure",
                        "the delayed start",
                        "the restart after an end with an error code",
                        "the time for a shutdown");
    }

    @Test
    void anotherFailureOfASettingIsAnError() {
        failures.put("ChangeServiceConfig2", 87);

        assertThatThrownBy(() -> manager.configure(NAME, SETTINGS))
                .hasMessage("ChangeServiceConfig2 failed with Win32 error 87; look it up with: net helpmsg 87.");
    }

    @Test
    void aChangeKeepsTheAccountAndTheStartType() throws ServiceException {
        manager.change(NAME, SETTINGS);

        assertThat(calls)
                .containsExactly(
                        "OpenSCManager ServicesActive, 1",
                        "OpenService CsvBackupAgent, 2",
                        "ChangeServiceConfig 16, -1, -1, " + COMMAND_LINE
                                + ", null, null, null, null, null, CSV backup agent");
    }

    @Test
    void aChangeToLocalSystemNeedsAnEmptyPassword() throws ServiceException {
        manager.change(NAME, ServiceSettings.ofAgent(COMMAND_LINE, AgentAccount.LOCAL_SYSTEM));

        assertThat(calls.get(2)).endsWith(", null, null, null, LocalSystem, , CSV backup agent");
    }

    @Test
    void readsCommandLineAccountAndState() throws ServiceException {
        assertThat(manager.find(NAME))
                .isEqualTo(new InstalledService(
                        COMMAND_LINE, "DOMAIN\\agent$", "", new ServiceState(1, 1066, 2, 4294967294L)));
    }

    @Test
    void findsNothingIfThereIsNoService() throws ServiceException {
        failures.put("OpenService", 1060);

        assertThat(manager.find(NAME)).isNull();
    }

    @Test
    void anotherFailureToFindItIsAnError() {
        failures.put("OpenService", 5);

        assertThatThrownBy(() -> manager.find(NAME)).hasMessageStartingWith("Access is denied.");
    }

    @Test
    void startsStopsAndDeletes() throws ServiceException {
        manager.start(NAME);
        manager.stop(NAME);
        manager.delete(NAME);

        assertThat(calls)
                .contains(
                        "OpenService CsvBackupAgent, 16",
                        "StartService",
                        "OpenService CsvBackupAgent, 32",
                        "ControlService 1",
                        "OpenService CsvBackupAgent, 65536",
                        "DeleteService");
    }

    @ParameterizedTest
    @ValueSource(strings = {"StartService", "ControlService", "DeleteService", "ChangeServiceConfig", "CreateService"})
    void everyFailureIsReported(String function) {
        failures.put(function, 1072);

        assertThatThrownBy(() -> {
                    manager.create(NAME, SETTINGS);
                    manager.change(NAME, SETTINGS);
                    manager.start(NAME);
                    manager.stop(NAME);
                    manager.delete(NAME);
                })
                .isInstanceOf(ServiceException.class)
                .hasMessageStartingWith("The service is marked for deletion (1072).");
    }

    @Test
    void onlyAnAdministratorMayCreateServices() {
        failures.put("OpenSCManager", 5);

        assertThatThrownBy(manager::requireAdministrator)
                .hasMessage("Access is denied. Run this command as an administrator: open the console with \"Run as"
                        + " administrator\".");
    }

    @Test
    void givesTheRightToLogOnAsAService() throws ServiceException {
        assertThat(manager.grantLogon("DOMAIN\\agent$")).isTrue();
        manager.revokeLogon("DOMAIN\\agent$");

        assertThat(calls)
                .containsExactly(
                        "LsaOpenPolicy 2064, attributes 48",
                        "LsaAddAccountRights SeServiceLogonRight, 38 of 40 bytes",
                        "LsaOpenPolicy 2064, attributes 48",
                        "LsaRemoveAccountRights SeServiceLogonRight, 38 of 40 bytes");
    }

    @Test
    void aRightThatTheAccountHasIsNotGiven() throws ServiceException {
        existingRight = "SeServiceLogonRight";

        assertThat(manager.grantLogon("DOMAIN\\agent$")).isFalse();

        assertThat(calls).noneMatch(call -> call.startsWith("LsaAdd"));
    }

    @Test
    void otherRightsDoNotCount() throws ServiceException {
        existingRight = "SeBatchLogonRight";

        assertThat(manager.grantLogon("DOMAIN\\agent$")).isTrue();
    }

    @Test
    void anUnknownAccountIsReported() {
        failures.put("LookupAccountName", 1332);

        assertThatThrownBy(() -> manager.grantLogon("DOMAIN\\agent$"))
                .hasMessageContaining("The account of the service does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LsaOpenPolicy", "LsaAddAccountRights"})
    void aPolicyThatCannotBeChangedIsReported(String function) {
        failures.put(function, 0xC0000022);

        assertThatThrownBy(() -> manager.grantLogon("DOMAIN\\agent$")).hasMessageStartingWith("Access is denied.");
    }
}
