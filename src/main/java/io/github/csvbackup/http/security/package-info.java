/** Who may do what: the operator's token, the defence against browsers, the rate limit. */
@NullMarked
package io.github.csvbackup.http.security;

import org.jspecify.annotations.NullMarked;
