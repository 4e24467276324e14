/**
 * What a failover cluster can tell and do: the port and its value types. No JNA, no I/O, no memory of what was seen
 * before.
 */
@NullMarked
package io.github.csvbackup.cluster;

import org.jspecify.annotations.NullMarked;
