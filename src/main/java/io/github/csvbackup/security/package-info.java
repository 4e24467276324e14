/**
 * Who may do what: roles, the operator's token, users and their passwords, TLS, the defence against browsers, the
 * rate limit. It knows nothing of HTTP servers or JMX, and files are the only thing that it reads.
 */
@NullMarked
package io.github.csvbackup.security;

import org.jspecify.annotations.NullMarked;
