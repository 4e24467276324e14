package io.github.csvbackup.bench;

/** One or more lines of the table. */
interface Row {
    /** Starts what must have run for some time before it is measured; called before any row is measured. */
    default void prepare(Lab lab) throws Exception {}

    /**
     * Measures and adds lines to the report.
     *
     * @param name the row's
     */
    void measure(Lab lab, String name) throws Exception;
}
