/**
 * The newcomer's first command: a backup that dies, told step by step through the real HTTP server. It plays the
 * story as any client would, and knows the agent by its address and its token alone.
 */
@NullMarked
package io.github.csvbackup.agent.cli.demo;

import org.jspecify.annotations.NullMarked;
