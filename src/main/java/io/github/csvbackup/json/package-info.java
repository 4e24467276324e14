/** Reads and writes JSON. Jolokia writes its answers itself. */
@NullMarked
package io.github.csvbackup.json;

import org.jspecify.annotations.NullMarked;
