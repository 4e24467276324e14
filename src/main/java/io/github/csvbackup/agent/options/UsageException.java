package io.github.csvbackup.agent.options;

/** What the caller asked for cannot be meant: a wrong option, value or command. */
public final class UsageException extends StartException {
    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
