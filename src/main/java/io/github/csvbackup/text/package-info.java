/** Makes text from outside safe to display. */
@NullMarked
package io.github.csvbackup.text;

import org.jspecify.annotations.NullMarked;
