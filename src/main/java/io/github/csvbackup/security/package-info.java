/** Who may do what: the operator's token, users and their passwords, TLS, the defence against browsers, the rate limit. */
@NullMarked
package io.github.csvbackup.security;

import org.jspecify.annotations.NullMarked;
