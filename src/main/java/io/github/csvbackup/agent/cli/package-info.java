/**
 * The command line of {@code java -jar}: one annotated picocli class for each command. Only this package uses picocli, so an agent in a host JVM never
 * loads it.
 */
@NullMarked
package io.github.csvbackup.agent.cli;

import org.jspecify.annotations.NullMarked;
