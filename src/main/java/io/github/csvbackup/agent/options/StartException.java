package io.github.csvbackup.agent.options;

/** Why the agent cannot start or go on: one or two sentences for people, which say what to do. */
public class StartException extends Exception {
    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
