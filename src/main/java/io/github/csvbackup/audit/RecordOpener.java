package io.github.csvbackup.audit;

import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;

/**
 * How a file of the record is opened to be read and written, and made if it is missing. The only place where that is done. Not a channel: it
 * would be closed for good by an interrupt of any thread that writes.
 */
@FunctionalInterface
public interface RecordOpener {
    /** Opens the file. */
    RandomAccessFile open(Path file) throws IOException;

    /**
     * Opens a file that only the agent and administrators can change.
     *
     * @param ofNewFile who may do what with a file that is made
     */
    static RecordOpener of(FileAttribute<?>... ofNewFile) {
        return file -> trusted(file).open(ofNewFile);
    }

    /** A file of the record that only the agent and administrators may have changed. */
    static TrustedFile trusted(Path file) throws IOException {
        return TrustedFile.of(file, "The audit " + file, Privacy.READABLE);
    }
}
