/** What the agents of a cluster's nodes tell each other, each about its own node. */
@NullMarked
package io.github.csvbackup.peer;

import org.jspecify.annotations.NullMarked;
