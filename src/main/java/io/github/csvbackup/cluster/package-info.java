/**
 * What a failover cluster can tell and do: the port, its value types, Windows' error codes, and calls with a
 * deadline. Whatever talks to a cluster is in a room below this one, and nobody here remembers what was seen before.
 */
@NullMarked
package io.github.csvbackup.cluster;

import org.jspecify.annotations.NullMarked;
