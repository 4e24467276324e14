/**
 * The append-only record of who cleared what: its lines, its file, its chain of hashes. What stands in a line is
 * decided by those who clear.
 */
@NullMarked
package io.github.csvbackup.audit;

import org.jspecify.annotations.NullMarked;
