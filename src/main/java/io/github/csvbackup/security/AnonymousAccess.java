package io.github.csvbackup.security;

import java.util.Locale;
import java.util.Optional;

/** What a program on this machine may do without credentials, as any user of it can; each level allows what those before it do. */
public enum AnonymousAccess {
    /** To ask for the agent's state of health, as everybody else may, too. */
    HEALTH,
    /** To see the page, the metrics and the attributes. */
    READ,
    /** To call what changes nothing and asks no node. */
    ASSESS;

    /** The option's value. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The level that an option's value names. */
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
