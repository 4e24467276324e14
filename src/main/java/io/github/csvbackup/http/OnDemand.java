package io.github.csvbackup.http;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes an endpoint for its first request, so that hosts without such requests do not load its classes. If that fails, the next request tries again. Thread-safe. */
public final class OnDemand implements Endpoint {
    private final Supplier<Endpoint> making;
    private volatile @Nullable Endpoint made;

    public OnDemand(Supplier<Endpoint> making) {
        this.making = making;
    }

    @Override
    public Reply answer(Request request) {
        Endpoint endpoint = made;
        return (endpoint == null ? make() : endpoint).answer(request);
    }

    private synchronized Endpoint make() {
        Endpoint endpoint = made;
        if (endpoint == null) {
            endpoint = making.get();
            made = endpoint;
        }
        return endpoint;
    }
}
