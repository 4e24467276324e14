package io.github.csvbackup.agent.cli.demo;

/** A step of the story failed. The message says which one, what was expected and what was seen. */
public final class StoryException extends Exception {
    public StoryException(String message) {
        super(message);
    }

    public StoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
