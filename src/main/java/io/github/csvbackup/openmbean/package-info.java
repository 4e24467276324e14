/**
 * Turns an interface and its records into an open-type MBean that every JMX client reads without a class of ours. It
 * knows no MBean of ours.
 */
@NullMarked
package io.github.csvbackup.openmbean;

import org.jspecify.annotations.NullMarked;
