package io.github.csvbackup.state;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What a file system's exception means, in words for people: some carry a path as their whole message. */
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
            return "there is no " + file + ", and it cannot be made";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return file + " is there already and is no directory";
        }
        return reason == null ? e.getClass().getSimpleName() + " on " + file : file + ": " + reason;
    }
}
