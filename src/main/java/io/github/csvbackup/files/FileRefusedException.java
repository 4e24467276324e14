package io.github.csvbackup.files;

import java.io.IOException;

/** A file cannot be read or trusted. The message is for users: it names the file and says what to do, in one or two sentences. */
public final class FileRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final String problem;

    /**
     * For a problem without separate advice.
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
     * For a problem and advice.
     *
     * @param problem ends with a full stop
     * @param advice one or more sentences
     */
    public FileRefusedException(String problem, String advice) {
        super(problem + " " + advice);
        this.problem = problem;
    }

    /** The problem without the advice. */
    public String problem() {
        return problem;
    }
}
