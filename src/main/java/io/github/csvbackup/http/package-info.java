/** One HTTP server for Jolokia, Prometheus, health checks and people. */
@NullMarked
package io.github.csvbackup.http;

import org.jspecify.annotations.NullMarked;
