/**
 * Turns an interface and its records into an open-type MBean that every JMX client reads without a class of ours.
 * Which MBeans there are is for those who register them.
 */
@NullMarked
package io.github.csvbackup.openmbean;

import org.jspecify.annotations.NullMarked;
