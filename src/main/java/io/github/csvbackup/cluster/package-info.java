/**
 * The port to a failover cluster, its value types, Windows' error codes, and calls with a deadline. Implementations are in subpackages.
 * Nothing here keeps earlier results.
 */
@NullMarked
package io.github.csvbackup.cluster;

import org.jspecify.annotations.NullMarked;
