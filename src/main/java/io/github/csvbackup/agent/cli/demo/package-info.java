/** The newcomer's first command: a backup that dies, told step by step through the real HTTP server. */
@NullMarked
package io.github.csvbackup.agent.cli.demo;

import org.jspecify.annotations.NullMarked;
