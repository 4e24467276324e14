/**
 * The story of the command demo: a backup that dies, step by step, through the real HTTP server. It acts as a client, and knows only the address and the
 * token of the agent.
 */
@NullMarked
package io.github.csvbackup.agent.cli.demo;

import org.jspecify.annotations.NullMarked;
