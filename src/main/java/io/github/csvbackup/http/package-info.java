/**
 * The HTTP server for Jolokia, Prometheus, health checks and browsers: limits and endpoints; the page is in {@code page}. It
 * reads snapshots and calls the MBean through JMX only. Authentication and roles are in the package
 * security.
 */
@NullMarked
package io.github.csvbackup.http;

import org.jspecify.annotations.NullMarked;
