package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import io.github.csvbackup.cluster.ClusterException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An open handle that closes itself, once. */
final class Handle implements AutoCloseable {
    private final Pointer pointer;
    private final Consumer<Pointer> closer;
    private boolean closed;

    private Handle(Pointer pointer, Consumer<Pointer> closer) {
        this.pointer = pointer;
        this.closer = closer;
    }

    /**
     * Wraps the result of an open function. Call it right after that function, on the same thread, because it reads GetLastError.
     *
     * @throws ClusterException if it is null
     */
    static Handle of(SystemCalls system, String function, @Nullable Pointer pointer, Consumer<Pointer> closer)
            throws ClusterException {
        if (pointer == null) {
            throw system.lastFailure(function);
        }
        return new Handle(pointer, closer);
    }

    Pointer pointer() {
        return pointer;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closer.accept(pointer);
        }
    }
}
