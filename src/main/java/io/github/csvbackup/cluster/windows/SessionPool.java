package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Win32Error;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Open sessions for reuse. Each call has its own session, so one that hangs does not block others; the session returns to the pool when the
 * call returns. Thread-safe.
 */
final class SessionPool implements AutoCloseable {
    /** Enough for a poll, the disks of other nodes, and a clear at the same time. Each session keeps a handle of every disk that it has read. */
    private static final int MOST_IDLE = 4;

    private final Opener opener;
    private final Deque<ClusterSession> idle = new ArrayDeque<>();
    private boolean closed;
    private volatile List<String> listedDisks = List.of();

    /** Opens a session. */
    @FunctionalInterface
    interface Opener {
        ClusterSession open() throws ClusterException;
    }

    /** Work with a session. */
    @FunctionalInterface
    interface Task<T> {
        /**
         * Does the work.
         *
         * @param justOpened the session has just replaced one with dead handles
         */
        T run(ClusterSession session, boolean justOpened) throws ClusterException;
    }

    SessionPool(Opener opener) {
        this.opener = opener;
    }

    /** True if the failure means that all handles are dead ([MS-CMRP] 3.2.4.6). */
    static boolean wantsNewHandles(ClusterException e) {
        Integer code = e.code();
        return code != null && Win32Error.of(code).reading() == Win32Error.Reading.REOPEN;
    }

    /**
     * Reads with an open session, and once more with new handles if these are dead: the Cluster service may have restarted since they were
     * opened. Dead handles at the second attempt are a failure.
     */
    <T> T read(Task<T> task) throws ClusterException {
        ClusterSession idle = take();
        ClusterSession session = idle == null ? opener.open() : idle;
        try {
            return run(session, task, false);
        } catch (ClusterException e) {
            if (!wantsNewHandles(e)) {
                throw e;
            }
        }
        closeIdle();
        return run(opener.open(), task, true);
    }

    private <T> T run(ClusterSession session, Task<T> task, boolean justOpened) throws ClusterException {
        boolean keep = false;
        try {
            session.keepOnly(listedDisks);
            T result = task.run(session, justOpened);
            keep = true;
            return result;
        } catch (ClusterException e) {
            keep = justOpened || !wantsNewHandles(e);
            throw e;
        } finally {
            if (!keep || !giveBack(session)) {
                session.close();
            }
        }
    }

    /** From now on each session closes its handles of all other disks at its next use. */
    void keepOnly(List<String> disks) {
        listedDisks = disks;
    }

    private synchronized @Nullable ClusterSession take() {
        return idle.pollFirst();
    }

    private synchronized boolean giveBack(ClusterSession session) {
        if (closed || idle.size() >= MOST_IDLE) {
            return false;
        }
        idle.addFirst(session);
        return true;
    }

    private void closeIdle() {
        List<ClusterSession> sessions;
        synchronized (this) {
            sessions = new ArrayList<>(idle);
            idle.clear();
        }
        sessions.forEach(ClusterSession::close);
    }

    /** Closes idle sessions; the others are closed when their calls return. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        closeIdle();
    }
}
