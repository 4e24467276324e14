package io.github.csvbackup.cluster.windows;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Win32Error;
import java.util.Arrays;

/**
 * Reads texts from functions that ask for a larger buffer with code 234. Keeps its buffer: a poll reads thousands of names. Used by one thread at a
 * time.
 */
final class GrowingText {
    private static final int CHARS = 512;
    private static final int MOST_CHARS = 65_536;

    private final SystemCalls system;
    private final IntByReference length = new IntByReference();
    private char[] buffer = new char[CHARS];

    GrowingText(SystemCalls system) {
        this.system = system;
    }

    /** A call that fills a text. */
    @FunctionalInterface
    interface Filling {
        /**
         * Fills the buffer.
         *
         * @param length in: characters of the buffer; out: of the text, without the closing NUL
         * @return a Win32 code
         */
        int fill(char[] text, IntByReference length);
    }

    /** Calls until the text fits, up to a limit. */
    String read(String function, Filling call) throws ClusterException {
        char[] text = buffer;
        // Nothing of an earlier text, whatever the function writes.
        Arrays.fill(text, '\0');
        length.setValue(text.length);
        int code = call.fill(text, length);
        while (Win32Error.of(code).reading() == Win32Error.Reading.GROW && text.length < MOST_CHARS) {
            int needed = Math.max(length.getValue() + 1, text.length * 2);
            text = new char[Math.min(MOST_CHARS, needed)];
            buffer = text;
            length.setValue(text.length);
            code = call.fill(text, length);
        }
        system.check(function, code);
        return Native.toString(text);
    }
}
