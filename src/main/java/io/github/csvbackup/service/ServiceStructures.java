package io.github.csvbackup.service;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;

/** The structures of winsvc.h on a 64-bit Windows. */
final class ServiceStructures {
    static final int STATUS_PROCESS_BYTES = 36;
    private static final int STATUS_BYTES = 28;
    /** QUERY_SERVICE_CONFIGW. */
    private static final int CONFIG_COMMAND_LINE = 16;

    private static final int CONFIG_ACCOUNT = 48;
    private static final int CONFIG_DISPLAY_NAME = 56;
    private static final int ACTION_BYTES = 8;

    private ServiceStructures() {}

    static Memory number(int value) {
        Memory memory = new Memory(4);
        memory.setInt(0, value);
        return memory;
    }

    static Memory wideText(String text) {
        Memory memory = new Memory((text.length() + 1L) * Native.WCHAR_SIZE);
        memory.setWideString(0, text);
        return memory;
    }

    /** SERVICE_DESCRIPTIONW: a pointer to the text. */
    static Memory pointerTo(Memory text) {
        Memory memory = new Memory(Native.POINTER_SIZE);
        memory.setPointer(0, text);
        return memory;
    }

    /** The array of SC_ACTION: restart after each of the delays. */
    static Memory restarts(List<Duration> delays) {
        Memory actions = new Memory((long) ACTION_BYTES * delays.size());
        for (int i = 0; i < delays.size(); i++) {
            actions.setInt((long) ACTION_BYTES * i, Advapi32.SC_ACTION_RESTART);
            actions.setInt((long) ACTION_BYTES * i + 4, (int) delays.get(i).toMillis());
        }
        return actions;
    }

    /** SERVICE_FAILURE_ACTIONSW without a message and without a command. */
    static Memory failureActions(Duration forgottenAfter, Memory actions) {
        Memory memory = new Memory(40);
        memory.clear();
        memory.setInt(0, (int) forgottenAfter.toSeconds());
        memory.setInt(24, (int) (actions.size() / ACTION_BYTES));
        memory.setPointer(32, actions);
        return memory;
    }

    /** From the bytes of SERVICE_STATUS_PROCESS. */
    static ServiceState state(byte[] bytes) {
        ByteBuffer status = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new ServiceState(
                status.getInt(4), status.getInt(12), status.getInt(16), Integer.toUnsignedLong(status.getInt(28)));
    }

    /** From QUERY_SERVICE_CONFIGW. */
    static InstalledService service(Memory config, ServiceState state) {
        return new InstalledService(
                text(config, CONFIG_COMMAND_LINE),
                text(config, CONFIG_ACCOUNT),
                text(config, CONFIG_DISPLAY_NAME),
                state);
    }

    private static String text(Memory config, int offset) {
        Pointer text = config.getPointer(offset);
        return text == null ? "" : text.getWideString(0);
    }

    /** SERVICE_STATUS. */
    static Memory status(ServiceReport report) {
        Memory status = new Memory(STATUS_BYTES);
        status.setInt(0, Advapi32.SERVICE_WIN32_OWN_PROCESS);
        status.setInt(4, report.state());
        status.setInt(8, report.accepted());
        status.setInt(12, report.exitCode());
        status.setInt(16, report.specificCode());
        status.setInt(20, report.checkpoint());
        status.setInt(24, (int) report.waitHint().toMillis());
        return status;
    }
}
