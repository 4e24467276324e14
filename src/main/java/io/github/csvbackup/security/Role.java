package io.github.csvbackup.security;

import java.util.Locale;
import java.util.Optional;

/** What somebody may do; each role may do what those before it may. */
public enum Role {
    /** Nobody that is known. */
    ANONYMOUS,
    /** May see, and call what changes nothing. */
    READER,
    /** May clear as well, and read the audit. */
    OPERATOR;

    /** The field of an MBean operation's descriptor that says which role it needs, as its text. */
    public static final String NEEDED = "neededRole";

    /** The role's name in the users file and the audit. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A role that a user can be given. */
    public static Optional<Role> of(String text) {
        return switch (text) {
            case "reader" -> Optional.of(READER);
            case "operator" -> Optional.of(OPERATOR);
            default -> Optional.empty();
        };
    }
}
