package io.github.csvbackup.state;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** The meaning of a file system's exception, for users: some have only a path as their message. */
public final class FileTrouble {
    private FileTrouble() {}

    public static String of(IOException e) {
        if (!(e instanceof FileSystemException trouble)) {
            return String.valueOf(e.getMessage());
        }
        String file = trouble.getFile();
        String reason = trouble.getReason();
        if (e instanceof AccessDeniedException) {
            return "access to " + file + " is denied";
        }
        if (e instanceof NoSuchFileException) {
            return file + " does not exist and cannot be created";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return file + " exists and is not a directory";
        }
        return reason == null ? e.getClass().getSimpleName() + " on " + file : file + ": " + reason;
    }
}
