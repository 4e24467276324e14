package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Win32Error;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why something could not be read.
 *
 * @param message what happened: a sentence without a full stop
 * @param remedy what to do: a sentence
 * @param brief the message in few words, for a sentence that tells several problems
 * @param againIn after which time the same question gets an answer, if it was only asked too early; null otherwise
 */
public record Problem(
        String message,
        String remedy,
        String brief,
        @Nullable Duration againIn) {
    private static final int LONGEST_BRIEF = 80;

    /** A problem whose message is brief. */
    public Problem(String message, String remedy) {
        this(message, remedy, shortened(message), null);
    }

    /** The same, of a question that was asked too early. */
    public Problem later(Duration time) {
        return new Problem(message, remedy, brief, time);
    }

    public static Problem of(ClusterException e) {
        String message = String.valueOf(e.getMessage());
        Integer code = e.code();
        return new Problem(
                message,
                e.remedy(),
                code == null ? shortened(message) : Win32Error.of(code).symbol() + " (" + code + ")",
                null);
    }

    public static Problem of(CallTimeoutException e) {
        return new Problem(
                String.valueOf(e.getMessage()),
                "The call may hang because of a failover; check the cluster's state and try again.",
                "no answer in time",
                null);
    }

    /** Two sources of the same evidence gave none. The remedy is that of the first, which is asked first. */
    static Problem ofBoth(Problem first, Source second, Problem problem) {
        return new Problem(first.message() + "; " + second.who() + " failed: " + problem.brief(), first.remedy());
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST_BRIEF ? message : message.substring(0, LONGEST_BRIEF - 3) + "...";
    }
}
