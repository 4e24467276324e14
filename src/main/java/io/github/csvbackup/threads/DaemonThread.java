package io.github.csvbackup.threads;

/**
 * Creates the agent's threads. A thread of the host may cause this, for example when it requests a poll. So a new thread inherits neither its thread
 * locals, which would outlive it, nor its context class loader, from which libraries load classes. It does not keep the JVM running.
 */
public final class DaemonThread {
    private DaemonThread() {}

    /** Creates a thread without starting it. Its name must begin with {@code csv-backup-}, so that users recognise it. */
    public static Thread named(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(DaemonThread.class.getClassLoader());
        return thread;
    }
}
