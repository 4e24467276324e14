package io.github.csvbackup.eventlog;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.csvbackup.text.OutsideText;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The event log of this machine. Opened at the first event, and again after a failure. For one thread. */
final class WindowsEvents implements EventSink {
    /** A string of an event has at most 31,839 characters; this leaves room for the length of a text that is cut. */
    static final int LONGEST = 31_800;

    private final EventFunctions functions;
    private @Nullable Pointer log;

    WindowsEvents(EventFunctions functions) {
        this.functions = functions;
    }

    @Override
    public void write(EventKind kind, String text) throws IOException {
        Pointer opened = log;
        if (opened == null) {
            opened = functions.RegisterEventSource(null, EventSource.NAME);
            if (opened == null) {
                throw new IOException("RegisterEventSourceW failed with error " + Native.getLastError());
            }
            log = opened;
        }
        String[] strings = {asString(text)};
        if (!functions.ReportEvent(
                opened, kind.severity.type, (short) 0, kind.id(), null, (short) strings.length, 0, strings, null)) {
            int code = Native.getLastError();
            close();
            throw new IOException("ReportEventW failed with error " + code);
        }
    }

    /**
     * One line. The Event Viewer replaces {@code %1} also inside the text, and there is no escape ([MS-EVEN] 3.2.4.1.5). An address such as {@code
     * fe80::1%12} contains it, so a space follows the percent sign, as Microsoft's article 934640 recommends.
     */
    static String asString(String text) {
        String line = OutsideText.printable(OutsideText.bounded(text, LONGEST));
        return OutsideText.bounded(line.replaceAll("%(?=[0-9{])", "% "), LONGEST);
    }

    @Override
    public void close() {
        Pointer opened = log;
        log = null;
        if (opened != null) {
            functions.DeregisterEventSource(opened);
        }
    }
}
