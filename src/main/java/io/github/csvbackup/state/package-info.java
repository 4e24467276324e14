/**
 * The state directory: its rights, its lock, the operator's token, and the state kept across restarts, as a file of JSON lines. Their writers
 * define what the lines mean. The audit in the same directory has its own package.
 */
@NullMarked
package io.github.csvbackup.state;

import org.jspecify.annotations.NullMarked;
