package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.http.Request;
import io.github.csvbackup.security.Identity;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The request that this thread answers: neither Jolokia nor the MBean server can pass it on to the restrictor and the MBean. */
public final class CurrentRequest {
    private static final ThreadLocal<CurrentRequest> CURRENT = new ThreadLocal<>();

    private final Request request;
    private OperationLimits.@Nullable Place place;

    private CurrentRequest(Request request) {
        this.request = request;
    }

    /** Runs a call with this request as the current one of the thread. */
    static <T> T call(Request request, Callable<T> call) throws Exception {
        CurrentRequest current = new CurrentRequest(request);
        CURRENT.set(current);
        try {
            return call.call();
        } finally {
            CURRENT.remove();
            if (current.place != null) {
                current.place.close();
            }
        }
    }

    /** Empty on a thread that answers no request. */
    static Optional<CurrentRequest> get() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Who sent the request of this thread; empty if it answers none, such as a thread of a JMX connector. */
    public static Optional<Caller> caller() {
        return get().map(current -> {
            Identity identity = current.request.identity();
            return new Caller(identity.role(), identity.name(), "http", current.request.remoteAddress());
        });
    }

    Request request() {
        return request;
    }

    /** Takes a place for operations, one for the whole request. False if none is free. */
    boolean takePlace(OperationLimits limits) {
        if (place == null) {
            place = limits.tryPlace(request.identity()).orElse(null);
        }
        return place != null;
    }
}
