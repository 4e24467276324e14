package io.github.csvbackup.eventlog;

/** Registers or unregisters the source, for a test that runs it in a JVM for Windows. */
public final class EventSourceProgram {
    private EventSourceProgram() {}

    /**
     * Runs one of them.
     *
     * @param arguments {@code register} or {@code unregister}
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("register")) {
            EventLog.register();
        } else {
            EventLog.unregister();
        }
        System.out.println("done");
    }
}
