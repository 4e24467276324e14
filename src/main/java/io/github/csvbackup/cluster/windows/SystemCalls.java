package io.github.csvbackup.cluster.windows;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Win32Error;
import java.nio.file.Path;
import java.time.ZoneOffset;

/** Names and folders of the system, and texts of errors that the agent's table lacks. Thread-safe. */
final class SystemCalls {
    private static final int NAME_CHARS = 256;
    private static final int PATH_CHARS = 1024;
    private static final int TEXT_CHARS = 1024;

    private final Kernel32 kernel32;

    SystemCalls(Kernel32 kernel32) {
        this.kernel32 = kernel32;
    }

    /** A failure with the code that a function returned. */
    ClusterException failure(String function, int code) {
        String text = Win32Error.of(code).listed() ? "" : text(code);
        return ClusterException.win32(function, code, text);
    }

    /** Fails unless the code is 0. */
    void check(String function, int code) throws ClusterException {
        if (code != 0) {
            throw failure(function, code);
        }
    }

    /** A failure of a function that sets GetLastError. Call it right after that function, on the same thread. */
    ClusterException lastFailure(String function) {
        int code = Native.getLastError();
        return code == 0 ? noReason(function) : failure(function, code);
    }

    /** A failure without a code: the return value says so, but GetLastError is 0. */
    static ClusterException noReason(String function) {
        return ClusterException.unavailable(
                function + " failed and gave no error code",
                "Check the event log of this node; the agent asks again at its next poll.");
    }

    private String text(int code) {
        char[] text = new char[TEXT_CHARS];
        int length = kernel32.FormatMessage(
                Kernel32.FORMAT_MESSAGE_FROM_SYSTEM | Kernel32.FORMAT_MESSAGE_IGNORE_INSERTS,
                null,
                code,
                0,
                text,
                text.length,
                null);
        return length <= 0 ? "" : new String(text, 0, Math.min(length, text.length)).strip();
    }

    /** This machine's NetBIOS name, which is its node's name in the cluster. */
    String computerName() throws ClusterException {
        char[] name = new char[NAME_CHARS];
        if (!kernel32.GetComputerNameEx(
                Kernel32.COMPUTER_NAME_PHYSICAL_NETBIOS, name, new IntByReference(name.length))) {
            throw lastFailure("GetComputerNameEx");
        }
        return Native.toString(name);
    }

    /** The current offset of this machine's local time; UTC if it is not known. */
    ZoneOffset localOffset() {
        byte[] information = new byte[TimeZoneInformation.SIZE];
        return TimeZoneInformation.offset(kernel32.GetTimeZoneInformation(information), information);
    }

    /** Such as {@code C:\Windows\System32}. */
    Path systemDirectory() throws ClusterException {
        char[] directory = new char[PATH_CHARS];
        int length = kernel32.GetSystemDirectory(directory, directory.length);
        if (length <= 0 || length >= directory.length) {
            throw lastFailure("GetSystemDirectory");
        }
        return Path.of(new String(directory, 0, length));
    }
}
