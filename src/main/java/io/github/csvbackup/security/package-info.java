/**
 * Who somebody is and what a role may do: roles, users and their passwords, the check of tokens, TLS, the defence
 * against browsers, limits for each sender. Which request or operation needs which role is decided where they are served.
 */
@NullMarked
package io.github.csvbackup.security;

import org.jspecify.annotations.NullMarked;
