package io.github.csvbackup.http;

import io.github.csvbackup.metrics.Exposition;
import io.github.csvbackup.text.PiecedText;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One scrape at a time, shared by all who asked before it began: a scrape of a large cluster takes megabytes while it is made, and however many
 * clients ask, the host has that memory to spare once. Nobody gets what is older than the request. Thread-safe.
 */
final class SharedScrapes {
    private final LongSupplier nanoTime;
    private final Map<Boolean, Made> newest = new HashMap<>();

    /** @param nanoTime a monotonic clock such as {@link System#nanoTime()} */
    SharedScrapes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The text is held by those who are being answered. */
    private record Made(long begun, String contentType, WeakReference<PiecedText> text) {}

    /**
     * A scrape that begins, or began, after this call.
     *
     * @param openMetrics of which format it is
     * @param scrape makes one
     */
    Exposition get(boolean openMetrics, Supplier<Exposition> scrape) {
        long asked = nanoTime.getAsLong();
        synchronized (newest) {
            Made made = newest.get(openMetrics);
            PiecedText text = made == null || made.begun() - asked < 0
                    ? null
                    : made.text().get();
            if (made != null && text != null) {
                return new Exposition(made.contentType(), text);
            }
            long begun = nanoTime.getAsLong();
            Exposition exposition = scrape.get();
            newest.put(openMetrics, new Made(begun, exposition.contentType(), new WeakReference<>(exposition.text())));
            return exposition;
        }
    }
}
