/** The append-only record of who cleared what. */
@NullMarked
package io.github.csvbackup.audit;

import org.jspecify.annotations.NullMarked;
