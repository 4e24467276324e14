package io.github.csvbackup.watch;

/** What is asked about a node. Only a list of shadow copies changes something there: it starts the VSS service. */
record Wish(boolean vss, boolean softwareProvider, boolean shadowCopies) {
    static final Wish SERVICES = new Wish(true, true, false);
    static final Wish VSS = new Wish(true, false, false);
    static final Wish SHADOW_COPIES = new Wish(false, false, true);

    boolean isNothing() {
        return !vss && !softwareProvider && !shadowCopies;
    }

    /** For messages: {@code asking NODE2 for its VSS service}. */
    String thing() {
        return shadowCopies ? "shadow copies" : softwareProvider ? "services" : "VSS service";
    }
}
