package io.github.csvbackup.agent.options;

/** The agent or a command cannot start or continue. The message is for users, in one or two sentences, and says what to do. */
public class StartException extends Exception {
    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
