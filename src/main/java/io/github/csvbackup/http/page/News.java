package io.github.csvbackup.http.page;

/**
 * One thing that a reader of the page must know.
 *
 * @param text one or more sentences
 */
record News(Level level, Html text) {
    /** How bad it is, the worst first. */
    enum Level {
        /** The agent does not see the cluster. */
        BAD,
        /** A person has to do something. */
        WARNING,
        /** Something is going on; nothing has to be done. */
        BUSY,
        GOOD
    }
}
