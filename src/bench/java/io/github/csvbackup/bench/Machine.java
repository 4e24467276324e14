package io.github.csvbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where it was measured, in words. */
final class Machine {
    /** In percent of one core. Above it, something else runs. */
    private static final double IDLE = 10;

    private static final Duration LOOKS = Duration.ofSeconds(5);
    private static final int MOST_LOOKS = 6;

    private Machine() {}

    /** How busy the machine is now, in percent of one core. For some seconds after a build, its JVM still compiles itself. */
    static double busyPercentAfterTheBuild() throws IOException {
        double busy = busyPercent();
        for (int look = 1; look < MOST_LOOKS && !isIdle(busy); look++) {
            busy = busyPercent();
        }
        return busy;
    }

    /** The load average would still tell of the build. */
    private static double busyPercent() throws IOException {
        long[] before = ticks();
        Lab.pause(LOOKS);
        long[] after = ticks();
        int cores = Runtime.getRuntime().availableProcessors();
        return 100.0 * cores * (after[0] - before[0]) / (after[1] - before[1]);
    }

    /** The time of all cores since the start of the machine, in ticks: while busy, and in all. */
    private static long[] ticks() throws IOException {
        // proc(5): user, nice, system, idle, iowait, irq, softirq, steal.
        String[] words = line(Path.of("/proc/stat"), "cpu ").split("\\s+", -1);
        long[] sum = {0, 0};
        for (int i = 1; i <= 8; i++) {
            long ticks = Long.parseLong(words[i]);
            sum[0] += i == 4 || i == 5 ? 0 : ticks;
            sum[1] += ticks;
        }
        return sum;
    }

    static boolean isIdle(double busy) {
        return busy < IDLE;
    }

    static String description(List<Jdk> jdks) throws IOException {
        return Runtime.getRuntime().availableProcessors() + " cores (" + processor() + "), " + memory() + " memory, "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + "; JDK "
                + jdks.stream().map(Jdk::version).collect(Collectors.joining(" and "));
    }

    private static String processor() throws IOException {
        return line(Path.of("/proc/cpuinfo"), "model name").replaceFirst(".*:\\s*", "");
    }

    private static String memory() throws IOException {
        long kilobytes =
                Long.parseLong(line(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", ""));
        return String.format(Locale.ROOT, "%.0f GB", kilobytes / 1e6);
    }

    private static String line(Path file, String begin) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .orElse("0");
    }
}
