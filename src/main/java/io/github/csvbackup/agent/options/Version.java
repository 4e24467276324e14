package io.github.csvbackup.agent.options;

/** The agent's own version. */
public final class Version {
    private Version() {}

    /** The version in the jar's manifest; {@code development} if there is no jar. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
