/**
 * Authentication and limits: roles, users and their passwords, the operator's token, TLS, the defence against browsers, and limits for each sender. The
 * packages that serve a request or an operation decide which role it needs.
 */
@NullMarked
package io.github.csvbackup.security;

import org.jspecify.annotations.NullMarked;
