/**
 * One HTTP server for Jolokia, Prometheus, health checks and people: connections, limits, endpoints, the page. It
 * reads snapshots and reaches the MBean through JMX alone; who somebody is, and what a role is, is known in the room
 * security.
 */
@NullMarked
package io.github.csvbackup.http;

import org.jspecify.annotations.NullMarked;
