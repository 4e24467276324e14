/**
 * The append-only audit of clears: its lines, its files and its hash chain. The callers decide what a line contains.
 */
@NullMarked
package io.github.csvbackup.audit;

import org.jspecify.annotations.NullMarked;
