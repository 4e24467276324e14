/**
 * The state directory: its rights, its lock, the file with the operator's token, and what is kept over restarts, as a
 * file of lines. What the lines mean is for those who write them; the audit, which lies there too, has a room of its
 * own.
 */
@NullMarked
package io.github.csvbackup.state;

import org.jspecify.annotations.NullMarked;
