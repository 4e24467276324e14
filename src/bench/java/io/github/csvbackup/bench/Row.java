package io.github.csvbackup.bench;

/** One or more lines of the table. */
interface Row {
    /**
     * Measures and adds lines to the report.
     *
     * @param name the row's
     */
    void measure(Lab lab, String name) throws Exception;
}
