package io.github.csvbackup.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The permissions of a sender. Each role includes the ones before it. */
public enum Role {
    /** No credentials: has {@link AnonymousAccess} from this machine, and no access from others. */
    ANONYMOUS,
    /** May read, and call operations that change no state. */
    READER,
    /** May also clear, and read the audit. */
    OPERATOR;

    /** The field of an MBean operation's descriptor that holds the name of the role that it needs. */
    public static final String NEEDED = "neededRole";

    /** The name in the users file and the audit. */
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

    /** The role of a user in the users file; empty if a user cannot have it. */
    public static Optional<Role> of(String text) {
        return switch (text) {
            case "reader" -> Optional.of(READER);
            case "operator" -> Optional.of(OPERATOR);
            default -> Optional.empty();
        };
    }
}
