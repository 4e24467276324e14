package io.github.csvbackup.watch;

/** Who gave an answer about a node. */
public enum Source {
    /** The agent that runs on the node, about its own node. */
    AGENT_OF_NODE("told by its agent"),
    /** The node's service control manager, asked by this agent. */
    SERVICE_MANAGER("read from its service control manager"),
    /** The node's WMI, asked by this agent. */
    WMI("listed by its WMI");

    private final String given;

    Source(String given) {
        this.given = given;
    }

    /** How it gave the answer, such as {@code told by its agent}. */
    public String given() {
        return given;
    }

    /** Such as {@code its agent}. */
    String who() {
        return given.substring(given.indexOf("its "));
    }
}
