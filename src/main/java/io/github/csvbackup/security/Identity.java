package io.github.csvbackup.security;

/** Who sent a request. */
public record Identity(String name, Role role) {
    /** Nobody that is known. */
    public static final Identity ANONYMOUS = new Identity("anonymous", Role.ANONYMOUS);

    /** Whoever holds the operator's token. */
    public static final Identity TOKEN = new Identity("operator token", Role.OPERATOR);

    public boolean isOperator() {
        return role == Role.OPERATOR;
    }
}
