/** The only way to clear: one at a time per volume; intent, call, proof, outcome. */
@NullMarked
package io.github.csvbackup.clear;

import org.jspecify.annotations.NullMarked;
