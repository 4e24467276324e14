/** Text for people: makes text from outside safe to display, and writes times. */
@NullMarked
package io.github.csvbackup.text;

import org.jspecify.annotations.NullMarked;
