package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.DifferencingDisks;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts the {@code .avhdx} files below folders, within a time and a number of entries. Follows no link. Used once. */
final class DiskCount extends SimpleFileVisitor<Path> {
    private static final String SUFFIX = ".avhdx";

    private final LongSupplier nanoTime;
    private final long end;
    private final Set<Path> seen = new HashSet<>();
    private @Nullable Path start;
    private int entriesLeft;
    private long files;
    private long bytes;
    private boolean complete = true;
    private int opened;
    private @Nullable Exception failure;

    /**
     * @param most how long it may take, apart from a call to the file system that hangs
     * @param mostEntries how many files and folders it looks at
     */
    DiskCount(Duration most, int mostEntries, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.end = nanoTime.getAsLong() + most.toNanos();
        this.entriesLeft = mostEntries;
    }

    /** @throws ClusterException if none of the folders can be opened */
    DifferencingDisks below(List<String> folders) throws ClusterException {
        for (String folder : folders) {
            try {
                Path path = Path.of(folder).toAbsolutePath().normalize();
                start = path;
                Files.walkFileTree(path, this);
            } catch (IOException | InvalidPathException | SecurityException e) {
                failed(e);
            }
        }
        if (opened == 0 && failure != null) {
            throw ClusterException.unavailable(
                    "none of " + folders.size() + " folders of virtual machines can be opened, such as "
                            + folders.get(0) + ": " + failure,
                    "Give the agent's account read access to them, and check that the volume is online.");
        }
        return new DifferencingDisks(files, bytes, complete);
    }

    private void failed(Exception e) {
        failure = e;
        complete = false;
    }

    private boolean hasEnded() {
        if (entriesLeft-- > 0 && end - nanoTime.getAsLong() > 0) {
            return false;
        }
        complete = false;
        return true;
    }

    /**
     * A folder that leads elsewhere is a link, too: a junction or a mount point. The first folder may be one, because the root of a Cluster
     * Shared Volume is.
     */
    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        if (hasEnded()) {
            return FileVisitResult.TERMINATE;
        }
        boolean isFirst = folder.equals(start);
        if (isFirst) {
            opened++;
        }
        return (attributes.isOther() && !isFirst) || !seen.add(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
    }

    /** A deduplicated file is a reparse point, too, and no regular file. */
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (hasEnded()) {
            return FileVisitResult.TERMINATE;
        }
        if (file.equals(start)) {
            opened++;
            // A version of Java that does not open a junction cannot tell what is below it.
            complete &= attributes.isRegularFile();
        }
        boolean isDisk = file.toString().toLowerCase(Locale.ROOT).endsWith(SUFFIX);
        if (isDisk && !attributes.isSymbolicLink() && !attributes.isDirectory() && seen.add(file)) {
            try {
                // What a folder of NTFS says about the size of an open file is old.
                bytes += Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .size();
                files++;
            } catch (NoSuchFileException e) {
                // It has just been merged.
            } catch (IOException e) {
                failed(e);
            }
        }
        return FileVisitResult.CONTINUE;
    }

    /** A folder that does not exist holds nothing. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            failure = e;
        } else {
            failed(e);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
        if (e != null) {
            failed(e);
        }
        return FileVisitResult.CONTINUE;
    }
}
