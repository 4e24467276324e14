/** The program that all agents are measured in. It runs alone in a JVM: nothing here uses another class of this project. */
@NullMarked
package io.github.csvbackup.bench.host;

import org.jspecify.annotations.NullMarked;
