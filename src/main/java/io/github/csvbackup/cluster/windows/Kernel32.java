package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import org.jspecify.annotations.Nullable;

/** Functions of kernel32.dll. Counts of characters are in WCHARs. */
interface Kernel32 extends StdCallLibrary {
    /** The NetBIOS name of this machine, not that of a cluster's virtual server. */
    int COMPUTER_NAME_PHYSICAL_NETBIOS = 4;

    int FORMAT_MESSAGE_IGNORE_INSERTS = 0x200;
    int FORMAT_MESSAGE_FROM_SYSTEM = 0x1000;

    /** In: with the closing NUL; out: without it. */
    boolean GetComputerNameEx(int nameType, char[] name, IntByReference length);

    /** The number of characters without the closing NUL; more than the size if it is too small; 0 is a failure. */
    int GetSystemDirectory(char[] directory, int size);

    /**
     * Fills a TIME_ZONE_INFORMATION. Returns 0 in a zone without daylight saving time, 1 in standard time, 2 in daylight saving time; -1 is a failure.
     */
    int GetTimeZoneInformation(byte[] information);

    /** The number of characters; 0 is a failure. */
    int FormatMessage(
            int flags,
            @Nullable Pointer source,
            int messageId,
            int languageId,
            char[] text,
            int size,
            @Nullable Pointer arguments);
}
