package io.github.csvbackup.peer;

/**
 * Where the agent of a node is asked.
 *
 * @param node the name of the node
 * @param host a DNS name or an address, without brackets
 * @param name the full DNS name of the node, which the certificate must have, wherever the connection goes
 */
record PeerAddress(String node, String host, int port, String name) {
    /** The host and the port as in a URL. */
    String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    String url() {
        return "https://" + authority() + "/";
    }

    /** The subject of messages. */
    @Override
    public String toString() {
        return "the agent of " + node + " at " + url();
    }
}
