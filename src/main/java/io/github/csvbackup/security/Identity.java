package io.github.csvbackup.security;

/** The sender of a request. */
public record Identity(String name, Role role) {
    public static final Identity ANONYMOUS = new Identity("anonymous", Role.ANONYMOUS);

    /** The holder of the operator's token. */
    public static final Identity TOKEN = new Identity("operator token", Role.OPERATOR);

    public boolean isOperator() {
        return role == Role.OPERATOR;
    }
}
