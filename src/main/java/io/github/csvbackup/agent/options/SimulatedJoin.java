package io.github.csvbackup.agent.options;

import java.net.URI;
import java.nio.file.Path;

/**
 * The simulated cluster that another agent holds, and the place of this agent in it.
 *
 * @param holder the address of the other agent, with a slash at the end
 * @param node the node that this agent is, as the user wrote it
 * @param tokenFile the operator's token of the other agent
 */
public record SimulatedJoin(URI holder, String node, Path tokenFile) {}
