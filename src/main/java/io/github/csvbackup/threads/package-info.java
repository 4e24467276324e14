/**
 * Creates and supervises the agent's threads, except those of the entry package, which cannot use this package.
 */
@NullMarked
package io.github.csvbackup.threads;

import org.jspecify.annotations.NullMarked;
