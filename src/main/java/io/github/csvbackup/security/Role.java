package io.github.csvbackup.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The permissions of a sender. */
public enum Role {
    /** No credentials: has {@link AnonymousAccess} from this machine, and no access from others. */
    ANONYMOUS,
    /** May read, and call operations that change no state. */
    READER,
    /** May also clear, and read the audit. */
    OPERATOR,
    /** Another node of the cluster, by its certificate. May ask for what this node alone can see, and nothing else. */
    PEER;

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

    /** Whether it has all permissions of another role. A reader has those of anonymous clients, and an operator has all. */
    public boolean includes(Role other) {
        boolean peer = this == PEER || other == PEER;
        return this == OPERATOR || (peer ? this == other : compareTo(other) >= 0);
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
