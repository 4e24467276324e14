/**
 * The only way to clear: one at a time per volume; intent, call, proof, outcome, and the looks afterwards. Whether a
 * volume may be cleared is the guard's to say; how people ask for it is the surfaces' business.
 */
@NullMarked
package io.github.csvbackup.clear;

import org.jspecify.annotations.NullMarked;
