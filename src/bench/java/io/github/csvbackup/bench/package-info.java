/** Programs that measure. They assert nothing: what they print is for people to compare. */
@NullMarked
package io.github.csvbackup.bench;

import org.jspecify.annotations.NullMarked;
