/**
 * How the agent lives in a JVM: what is started, in which order, and how it all ends; its state writer, log of the
 * watch, native library and private properties. What the parts do is in the rooms below, and the options, the command
 * line, the log and the entry have rooms of their own.
 */
@NullMarked
package io.github.csvbackup.agent;

import org.jspecify.annotations.NullMarked;
