package io.github.csvbackup.http;

import io.github.csvbackup.metrics.Exposition;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One scrape at a time, shared by all who asked before it began: a scrape of a large cluster takes megabytes while it is made, and however many
 * clients ask, the host has that memory to spare once. Nobody gets what is older than the request. Thread-safe.
 */
final class SharedScrapes {
    private final LongSupplier nanoTime;
    private final Map<Boolean, WeakReference<Made>> newest = new HashMap<>();

    /** @param nanoTime a monotonic clock such as {@link System#nanoTime()} */
    SharedScrapes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private record Made(long begun, Exposition exposition) {}

    /**
     * A scrape that begins, or began, after this call.
     *
     * @param openMetrics of which format it is
     * @param scrape makes one
     */
    Exposition get(boolean openMetrics, Supplier<Exposition> scrape) {
        long asked = nanoTime.getAsLong();
        synchronized (newest) {
            Made made = made(openMetrics);
            if (made == null || made.begun() - asked < 0) {
                made = new Made(nanoTime.getAsLong(), scrape.get());
                newest.put(openMetrics, new WeakReference<>(made));
            }
            return made.exposition();
        }
    }

    private @Nullable Made made(boolean openMetrics) {
        WeakReference<Made> reference = newest.get(openMetrics);
        return reference == null ? null : reference.get();
    }
}
