package io.github.csvbackup.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where it was measured, in words. */
final class Machine {
    /** Above it, something else runs. */
    private static final double IDLE = 0.5;

    private Machine() {}

    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    static boolean isIdle(double load) {
        return load < IDLE;
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
