package io.github.csvbackup.agent;

/** The agent's own version. */
final class Version {
    private Version() {}

    /** As the jar's manifest says; {@code development} where there is no jar. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
