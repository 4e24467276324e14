/**
 * How the agent lives in a JVM: what is started, in which order, and how it all ends; its state writer, log of the
 * watch, native library and private properties. Alone it knows all the other rooms. The options and the command line
 * have rooms of their own below this one.
 */
@NullMarked
package io.github.csvbackup.agent;

import org.jspecify.annotations.NullMarked;
