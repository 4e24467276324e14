package io.github.csvbackup.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of a file, which {@link #get} reads again after a change. While the file cannot be read or parsed, the last value stays valid, the status
 * is outdated, and the file is tried again every second. Thread-safe; only one caller at a time accesses the disk, and the others get the last value.
 */
final class ReloadingFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingFile.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** On Windows, changed permissions do not change the times of the file. */
    private static final long VERIFY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<Path> files;
    private final Loader<T> loader;
    private final FileStatus status;
    private final LongSupplier nanoTime;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile T value;
    private List<Map<String, Object>> stamps;
    private boolean failed;
    private long verified;

    /**
     * The result of reading a file.
     *
     * @param problem a message for users, if the file is damaged and the value is the part that is still trusted; null if there is no problem
     */
    record Loaded<T>(T value, @Nullable String problem) {}

    /** Reads the file. */
    interface Loader<T> {
        /**
         * Reads and parses the file.
         *
         * @param before the last value; null for the first time
         * @throws IOException with a message for users, if the file cannot be read or parsed
         */
        Loaded<T> load(@Nullable T before) throws IOException;

        /**
         * Checks that an unchanged file can still be trusted.
         *
         * @throws IOException with a message for users, if not
         */
        void verify() throws IOException;
    }

    /** The attributes that show a change. With "unix", the system is asked once for all of them. */
    private static Map<String, Object> stamp(Path file) {
        String attributes = file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? "unix:lastModifiedTime,size,fileKey,ctime"
                : "lastModifiedTime,size,fileKey";
        try {
            return Files.readAttributes(file, attributes, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            // The loader reports the problem.
            return Map.of();
        }
    }

    private static List<Map<String, Object>> stamps(List<Path> files) {
        return files.stream().map(ReloadingFile::stamp).toList();
    }

    /**
     * Reads the file for the first time.
     *
     * @param files the file, and others whose change is also a reason to read it again
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     * @throws IOException with a message for users, if the file cannot be read or parsed
     */
    ReloadingFile(List<Path> files, Loader<T> loader, FileStatus status, LongSupplier nanoTime) throws IOException {
        this.files = List.copyOf(files);
        this.loader = loader;
        this.status = status;
        this.nanoTime = nanoTime;
        this.stamps = stamps(files);
        Loaded<T> loaded = loader.load(null);
        if (loaded.problem() != null) {
            throw new IOException(loaded.problem());
        }
        this.value = loaded.value();
        this.verified = nanoTime.getAsLong();
    }

    T get() {
        if (checking.tryLock()) {
            try {
                check();
            } finally {
                checking.unlock();
            }
        }
        return value;
    }

    /** The last value. Does not access the disk. */
    T last() {
        return value;
    }

    private void check() {
        long now = nanoTime.getAsLong();
        List<Map<String, Object>> found = stamps(files);
        boolean changed = !found.equals(stamps);
        boolean due = now - verified >= (failed ? RETRY_NANOS : VERIFY_NANOS);
        if (!changed && !due) {
            return;
        }
        stamps = found;
        verified = now;
        try {
            if (changed || failed) {
                load(changed);
            } else {
                loader.verify();
            }
        } catch (IOException e) {
            failed = true;
            status.outdated(String.valueOf(e.getMessage()));
        }
    }

    private void load(boolean changed) throws IOException {
        Loaded<T> loaded = loader.load(value);
        value = loaded.value();
        failed = loaded.problem() != null;
        if (failed) {
            status.outdated(String.valueOf(loaded.problem()));
            return;
        }
        if (changed) {
            LOG.info("{} changed and was read again", files.get(0));
        }
        status.current(files.get(0));
    }
}
