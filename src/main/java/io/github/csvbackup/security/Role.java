package io.github.csvbackup.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What somebody may do; each role may do what those before it may. */
public enum Role {
    /** Sent no credentials: on this machine may do what {@link AnonymousAccess} says, elsewhere nothing. */
    ANONYMOUS,
    /** May see, and call what changes no state. */
    READER,
    /** May clear as well, and read the audit. */
    OPERATOR;

    /** The field of an MBean operation's descriptor that holds the name of the role that it needs. */
    public static final String NEEDED = "neededRole";

    /** The role's name in the users file and the audit. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role that a descriptor's {@link #NEEDED} names; OPERATOR if it names none, because only marked operations are open to others. */
    public static Role needed(@Nullable Object name) {
        return Arrays.stream(values())
                .filter(role -> role.name().equals(name))
                .findFirst()
                .orElse(OPERATOR);
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
