package io.github.csvbackup.agent.cli.demo;

/** The story did not go as told: which step, what was expected and what was seen. */
public final class StoryException extends Exception {
    public StoryException(String message) {
        super(message);
    }

    public StoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
