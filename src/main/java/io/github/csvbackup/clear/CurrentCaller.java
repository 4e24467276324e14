package io.github.csvbackup.clear;

import java.util.Optional;
import java.util.concurrent.Callable;

/** Who asks on this thread, for those between the surface and the clear that cannot hand it on, such as an MBean server. */
public final class CurrentCaller {
    private static final ThreadLocal<Caller> CALLER = new ThreadLocal<>();

    private CurrentCaller() {}

    /** Runs a call in the caller's name. */
    public static <T> T callAs(Caller caller, Callable<T> call) throws Exception {
        CALLER.set(caller);
        try {
            return call.call();
        } finally {
            CALLER.remove();
        }
    }

    /** The caller; empty if the call came by another way. */
    public static Optional<Caller> get() {
        return Optional.ofNullable(CALLER.get());
    }
}
