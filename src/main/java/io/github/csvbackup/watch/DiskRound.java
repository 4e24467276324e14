package io.github.csvbackup.watch;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The disks of one query, and their answers as they come. Not thread-safe. */
final class DiskRound<T> {
    private final List<String> disks;
    private final boolean byId;
    private final int mostThreads;
    private final DiskCalls.Question<T> question;
    private final List<@Nullable DiskAnswer<T>> answers;
    /** The disks that have been asked. */
    private final BitSet asked = new BitSet();
    /** No disk before this one is left. */
    private int first;

    private int answered;
    private int threads;
    private long threadStartedAt;

    /** @param disks names, or ids */
    DiskRound(List<String> disks, boolean byId, int mostThreads, DiskCalls.Question<T> question) {
        this.disks = disks;
        this.answers = new ArrayList<>(Collections.nCopies(disks.size(), null));
        this.byId = byId;
        this.mostThreads = mostThreads;
        this.question = question;
    }

    int size() {
        return disks.size();
    }

    /** A disk as in the query: its name, or its id. */
    String disk(int index) {
        return disks.get(index);
    }

    boolean byId() {
        return byId;
    }

    int mostThreads() {
        return mostThreads;
    }

    DiskCalls.Question<T> question() {
        return question;
    }

    /** A later answer of the same disk does not count. */
    void answer(int index, DiskAnswer<T> answer) {
        if (answers.get(index) == null) {
            answers.set(index, answer);
            answered++;
        }
    }

    /** The disk is asked now, and no further thread asks it. */
    void ask(int index) {
        asked.set(index);
    }

    /** The next disk from an index on that was neither asked nor given up; the number of disks if there is none. */
    int left(int from) {
        int disk = Math.max(first, from);
        while (disk < disks.size() && (asked.get(disk) || answers.get(disk) != null)) {
            disk++;
        }
        if (from <= first) {
            first = disk;
        }
        return disk;
    }

    boolean isOver() {
        return answered == disks.size();
    }

    /** Those that came so far, in the order of the disks. */
    List<DiskAnswer<T>> inOrder() {
        return answers.stream().filter(Objects::nonNull).toList();
    }

    /** How many threads work on it, without those whose calls are late. */
    int threads() {
        return threads;
    }

    void threadStarted() {
        threads++;
        threadStartedAt = System.nanoTime();
    }

    void threadLeft() {
        threads--;
    }

    long nanosSinceThreadStarted() {
        return System.nanoTime() - threadStartedAt;
    }
}
