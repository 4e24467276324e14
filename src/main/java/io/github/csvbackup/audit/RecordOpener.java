package io.github.csvbackup.audit;

import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;

/**
 * Opens a file of the audit for reading and writing, or creates it. Does not use a channel, since an interrupt of a writing thread would close it.
 */
@FunctionalInterface
public interface RecordOpener {
    RandomAccessFile open(Path file) throws IOException;

    /**
     * Opens a file that only the agent and administrators can change.
     *
     * @param ofNewFile the permissions of a new file
     */
    static RecordOpener of(FileAttribute<?>... ofNewFile) {
        return file -> trusted(file).open(ofNewFile);
    }

    /** A file of the audit that only the agent and administrators can change. */
    static TrustedFile trusted(Path file) throws IOException {
        return TrustedFile.of(file, "The audit " + file, Privacy.READABLE);
    }
}
