/** Texts from outside, made fit to be shown. */
@NullMarked
package io.github.csvbackup.text;

import org.jspecify.annotations.NullMarked;
