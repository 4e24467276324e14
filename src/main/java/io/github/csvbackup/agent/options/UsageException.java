package io.github.csvbackup.agent.options;

/** The user gave a wrong command, option or value. */
public final class UsageException extends StartException {
    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
