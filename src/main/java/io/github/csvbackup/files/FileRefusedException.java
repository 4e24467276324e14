package io.github.csvbackup.files;

import java.io.IOException;

/** A file cannot be read, or not be trusted: one or two sentences for people, which name the file and say what to do. */
public final class FileRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final String problem;

    /**
     * A problem without advice, or with advice in the same sentence.
     *
     * @param message ends with a full stop
     */
    public FileRefusedException(String message) {
        super(message);
        this.problem = message;
    }

    /**
     * The same, with a cause.
     *
     * @param message ends with a full stop
     */
    public FileRefusedException(String message, Throwable cause) {
        super(message, cause);
        this.problem = message;
    }

    /**
     * A problem and what to do about it.
     *
     * @param problem ends with a full stop
     * @param advice one or more sentences
     */
    public FileRefusedException(String problem, String advice) {
        super(problem + " " + advice);
        this.problem = problem;
    }

    /** What is wrong, without what to do about it. */
    public String problem() {
        return problem;
    }
}
