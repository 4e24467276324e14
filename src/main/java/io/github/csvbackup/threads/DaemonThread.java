package io.github.csvbackup.threads;

/**
 * Makes the agent's threads. A poll may be asked for on a thread of the host, and a thread inherits from the one that makes it: thread locals, which
 * would live on with ours, and a context class loader, from which libraries load classes. So ours inherit neither, and none keeps the JVM from ending.
 */
public final class DaemonThread {
    private DaemonThread() {}

    /** A thread that has not been started; its name begins with {@code csv-backup-}, so that people know whose it is. */
    public static Thread named(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(DaemonThread.class.getClassLoader());
        return thread;
    }
}
