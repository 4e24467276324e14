package io.github.csvbackup.cluster;

/** What is known about the backup state on the cluster's version of Windows. */
public enum BackupStateSupport {
    /** Windows Server 2008 R2: Microsoft's documents describe the state. */
    DOCUMENTED("this Windows version reports the state"),
    /** Later versions: not proven to set the state. */
    UNVERIFIED("this Windows version may never report the state"),
    /** A simulated cluster. */
    SIMULATED("a simulated cluster reports the state");

    private final String sentence;

    BackupStateSupport(String sentence) {
        this.sentence = sentence;
    }

    /** A clause for users, without a full stop. */
    public String sentence() {
        return sentence;
    }
}
