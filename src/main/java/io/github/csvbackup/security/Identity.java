package io.github.csvbackup.security;

/** The sender of a request. */
public record Identity(String name, Role role) {
    public static final Identity ANONYMOUS = new Identity("anonymous", Role.ANONYMOUS);

    /** The holder of the operator's token. */
    public static final Identity TOKEN = new Identity("operator token", Role.OPERATOR);

    public boolean isOperator() {
        return role == Role.OPERATOR;
    }

    /** True for another node of the cluster that shows its certificate, and nothing else. */
    public boolean isPeer() {
        return role == Role.PEER;
    }

    /** Tells another node that it may not do what it asked for. */
    public String refusalOfPeer() {
        return "The certificate of " + name + " has the role peer, which may read /healthz and call localEvidence only."
                + " All else needs a name and a password from the users file.";
    }
}
