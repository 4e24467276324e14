package io.github.csvbackup.http;

import io.github.csvbackup.metrics.Exposition;
import io.github.csvbackup.text.PiecedText;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs one scrape at a time and shares it with all clients that asked before it began. A scrape of a large cluster needs megabytes of memory; however
 * many clients ask, that memory is used once. No client gets a scrape older than its request. Thread-safe.
 */
final class SharedScrapes {
    private final LongSupplier nanoTime;
    private final Map<Boolean, Made> newest = new HashMap<>();

    /** @param nanoTime a monotonic clock such as {@link System#nanoTime()} */
    SharedScrapes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The text is referenced only by the clients that are being answered. */
    private record Made(long begun, String contentType, WeakReference<PiecedText> text) {}

    /**
     * Returns a scrape that began after this call.
     *
     * @param openMetrics true for the OpenMetrics format, false for the Prometheus text format
     * @param scrape creates the text
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
