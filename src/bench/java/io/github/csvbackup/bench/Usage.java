package io.github.csvbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process uses, as Linux tells it: the process itself does nothing for it. */
final class Usage {
    private static final double MILLIS_PER_TICK = 10;

    private final Path proc;

    Usage(long pid) {
        this.proc = Path.of("/proc", Long.toString(pid));
    }

    /** CPU time of the process so far, with the threads that have ended; in steps of 10 ms. */
    double cpuMillis() throws IOException {
        String stat = Files.readString(proc.resolve("stat"));
        // The name of the program may contain spaces.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK;
    }

    /** Bytes that the process has passed to write(), whether to a file or to a socket. */
    long writtenBytes() throws IOException {
        return Files.readAllLines(proc.resolve("io")).stream()
                .filter(line -> line.startsWith("wchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
                .sum();
    }
}
