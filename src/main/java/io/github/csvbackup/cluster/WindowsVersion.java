package io.github.csvbackup.cluster;

/**
 * A version of Windows as a node's common properties {@code MajorVersion} and {@code MinorVersion} give it: 2008 R2 is 6.1, 2012 is 6.2,
 * 2012 R2 is 6.3, 2016 and later are 10.0 (Microsoft, Node Common Properties).
 */
public record WindowsVersion(int major, int minor) {
    private static final int WINDOWS_SERVER_2016 = 10;

    /** True if the version has neither isolation nor quarantine of nodes, which came with Windows Server 2016. */
    public boolean isOlderThan2016() {
        return major < WINDOWS_SERVER_2016;
    }

    /** True if the version has no WMI namespace {@code root\virtualization\v2}, which came with Windows Server 2012. */
    public boolean isOlderThan2012() {
        return major < 6 || (major == 6 && minor < 2);
    }

    /** {@code 6.1} */
    @Override
    public String toString() {
        return major + "." + minor;
    }
}
