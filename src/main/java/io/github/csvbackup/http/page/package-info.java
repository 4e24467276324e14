/** The HTML page: what a person sees first who opens the agent's address in a browser. */
@NullMarked
package io.github.csvbackup.http.page;

import org.jspecify.annotations.NullMarked;
