/**
 * An HTTP/1.1 server in which no client can make others wait. One thread serves all connections; a connection that waits for its client
 * (TLS handshake, head, body, answer) uses no thread. Other threads do the work: TLS, passwords, answers.
 */
@NullMarked
package io.github.csvbackup.http.server;

import org.jspecify.annotations.NullMarked;
