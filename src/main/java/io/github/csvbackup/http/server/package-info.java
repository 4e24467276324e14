/**
 * An HTTP/1.1 server in which nobody can make others wait. One thread looks at what has arrived on all connections; what waits for its client
 * (TLS handshake, head, body, answer) occupies no thread. Other threads do the work: TLS, passwords, answers.
 */
@NullMarked
package io.github.csvbackup.http.server;

import org.jspecify.annotations.NullMarked;
