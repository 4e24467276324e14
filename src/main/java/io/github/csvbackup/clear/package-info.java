/**
 * The only way to clear: one clear at a time per volume, with intent, call, proof, outcome, and checks afterwards. The guard decides whether a
 * volume may be cleared.
 */
@NullMarked
package io.github.csvbackup.clear;

import org.jspecify.annotations.NullMarked;
