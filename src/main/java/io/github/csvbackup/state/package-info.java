/** What is kept over restarts, as a file of lines. Knows no other room. */
@NullMarked
package io.github.csvbackup.state;

import org.jspecify.annotations.NullMarked;
