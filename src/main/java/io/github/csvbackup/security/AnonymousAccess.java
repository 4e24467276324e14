package io.github.csvbackup.security;

import java.util.Locale;
import java.util.Optional;

/** Access without credentials, for every account of this machine. Each level includes the ones before it. */
public enum AnonymousAccess {
    /** The health of the agent, which all other machines may read too. */
    HEALTH,
    /** The page, the metrics and the attributes. */
    READ,
    /** Operations that change nothing and query no node. */
    ASSESS;

    /** The value of the option. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The level for a value of the option. */
    public static Optional<AnonymousAccess> of(String text) {
        return switch (text) {
            case "health" -> Optional.of(HEALTH);
            case "read" -> Optional.of(READ);
            case "assess" -> Optional.of(ASSESS);
            default -> Optional.empty();
        };
    }

    public boolean mayRead() {
        return this != HEALTH;
    }

    public boolean mayAssess() {
        return this == ASSESS;
    }
}
