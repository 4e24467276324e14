/** Turns an interface and its records into an MXBean that any JMX client can use without our classes. */
@NullMarked
package io.github.csvbackup.openmbean;

import org.jspecify.annotations.NullMarked;
