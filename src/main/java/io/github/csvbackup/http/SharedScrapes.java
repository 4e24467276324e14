package io.github.csvbackup.http;

import io.github.csvbackup.metrics.ScrapeFormat;
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
    private final Map<ScrapeFormat, Made> newest = new HashMap<>();

    /** @param nanoTime a monotonic clock such as {@link System#nanoTime()} */
    SharedScrapes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The text is referenced only by the clients that are being answered. */
    private record Made(long begun, WeakReference<PiecedText> text) {}

    /**
     * Returns a scrape that began after this call.
     *
     * @param scrape creates the text
     */
    PiecedText get(ScrapeFormat format, Supplier<PiecedText> scrape) {
        long asked = nanoTime.getAsLong();
        synchronized (newest) {
            Made made = newest.get(format);
            PiecedText text = made == null || made.begun() - asked < 0
                    ? null
                    : made.text().get();
            if (text == null) {
                long begun = nanoTime.getAsLong();
                text = scrape.get();
                newest.put(format, new Made(begun, new WeakReference<>(text)));
            }
            return text;
        }
    }
}
