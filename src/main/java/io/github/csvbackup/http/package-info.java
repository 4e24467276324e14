/**
 * One HTTP server for Jolokia, Prometheus, health checks and people: connections, limits, endpoints, the page. It
 * reads snapshots and reaches the MBean through JMX alone; who may do what is decided in the room security.
 */
@NullMarked
package io.github.csvbackup.http;

import org.jspecify.annotations.NullMarked;
