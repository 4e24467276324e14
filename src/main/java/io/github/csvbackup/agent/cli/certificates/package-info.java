/**
 * Creates certificates with the JDK's keytool: an authority for one cluster, and a certificate for each of its nodes. keytool runs as a child process,
 * because Java has no public class that issues certificates.
 */
@NullMarked
package io.github.csvbackup.agent.cli.certificates;

import org.jspecify.annotations.NullMarked;
