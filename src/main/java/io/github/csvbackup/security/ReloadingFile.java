package io.github.csvbackup.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file says, read again some seconds after the file has changed. A new file that cannot be read or understood is told of, and what
 * the last one said holds. Thread-safe.
 */
final class ReloadingFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingFile.class);
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path file;
    private final Loader<T> loader;
    private final LongSupplier nanoTime;
    private T value;
    private Stamp stamp;
    private long looked;

    /** Reads the file. */
    @FunctionalInterface
    interface Loader<T> {
        /**
         * Reads it whole.
         *
         * @throws IOException with a sentence, if it cannot be read or understood
         */
        T load(Path file) throws IOException;
    }

    /** By what a change shows. */
    private record Stamp(FileTime modified, long size) {
        static Stamp of(Path file) throws IOException {
            return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
        }
    }

    /**
     * Reads the file for the first time.
     *
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     */
    ReloadingFile(Path file, Loader<T> loader, LongSupplier nanoTime) throws IOException {
        this.file = file;
        this.loader = loader;
        this.nanoTime = nanoTime;
        this.value = loader.load(file);
        this.stamp = Stamp.of(file);
        this.looked = nanoTime.getAsLong();
    }

    synchronized T get() {
        long now = nanoTime.getAsLong();
        if (now - looked >= LOOK_EVERY_NANOS) {
            looked = now;
            look();
        }
        return value;
    }

    private void look() {
        try {
            Stamp found = Stamp.of(file);
            if (!found.equals(stamp)) {
                stamp = found;
                value = loader.load(file);
                LOG.info("{} has changed and was read again", file);
            }
        } catch (IOException e) {
            LOG.warn("{} What it said before holds.", e.getMessage());
        }
    }
}
