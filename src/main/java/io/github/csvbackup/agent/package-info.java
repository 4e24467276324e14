/**
 * The agent in a JVM: which parts it starts, in which order, and how it stops them. Other packages contain the parts; the options, the command line,
 * the log and the entry classes have subpackages.
 */
@NullMarked
package io.github.csvbackup.agent;

import org.jspecify.annotations.NullMarked;
