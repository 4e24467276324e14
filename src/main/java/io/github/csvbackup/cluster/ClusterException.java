package io.github.csvbackup.cluster;

import org.jspecify.annotations.Nullable;

/** A call to the cluster or to one of its nodes failed. The message is a sentence for users, the remedy says what to do. */
public final class ClusterException extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable Integer code;
    private final String remedy;
    private final boolean started;

    private ClusterException(@Nullable Integer code, String message, String remedy) {
        this(code, message, remedy, true);
    }

    private ClusterException(@Nullable Integer code, String message, String remedy, boolean started) {
        super(message);
        this.started = started;
        this.code = code;
        this.remedy = remedy;
    }

    /**
     * A Windows function returned an error.
     *
     * @param function its name as Windows spells it
     * @param code the Win32 error code
     */
    public static ClusterException win32(String function, int code) {
        Win32Error error = Win32Error.of(code);
        return new ClusterException(
                code, function + " failed with " + withoutFullStop(error.toString()), error.remedy());
    }

    /**
     * A Windows function returned an error that the agent's table may not list.
     *
     * @param systemText the text of Windows, used if the table does not list the code; empty if Windows has none
     */
    public static ClusterException win32(String function, int code, String systemText) {
        Win32Error error = Win32Error.of(code);
        return !error.listed() && !systemText.isEmpty()
                ? new ClusterException(
                        code,
                        function + " failed with Win32 error " + Integer.toUnsignedString(code) + ": "
                                + withoutFullStop(systemText),
                        error.remedy())
                : win32(function, code);
    }

    private static String withoutFullStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    /** A call could not be made or its answer could not be used, without a Windows code. */
    public static ClusterException unavailable(String message, String remedy) {
        return new ClusterException(null, message, remedy);
    }

    /** Access was denied, and not by a Windows function. The code is that of Windows. */
    public static ClusterException denied(String message, String remedy) {
        return new ClusterException(Win32Error.ACCESS_DENIED, message, remedy);
    }

    /**
     * The failure of a call that another agent made, as that agent reports it.
     *
     * @param code the Win32 error code; null if there is none
     */
    public static ClusterException reported(@Nullable Integer code, String message, String remedy) {
        return new ClusterException(code, message, remedy);
    }

    /** A call that never began and so has no effect. */
    static ClusterException notStarted(String message, String remedy) {
        return new ClusterException(null, message, remedy, false);
    }

    /** False if the call never began. */
    public boolean wasStarted() {
        return started;
    }

    /** The Win32 error code; null where Windows gave none. */
    public @Nullable Integer code() {
        return code;
    }

    /** What to do about it: a sentence. */
    public String remedy() {
        return remedy;
    }
}
