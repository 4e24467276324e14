package io.github.csvbackup.bench.host;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Arrays;
import java.util.Objects;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What a host says about itself. Loaded with the first question, so that a host that gets none costs nothing. */
final class Answers {
    private static final int A_HOSTS_WORK = 4 << 20;

    private Answers() {}

    /** The answer, in one line. */
    static String to(String question) {
        String[] words = question.split("\t", -1);
        try {
            return switch (words[0]) {
                case "work" -> work();
                case "used" -> Long.toString(used());
                case "live" -> Long.toString(live());
                case "collections" -> Long.toString(collections());
                case "threads" -> Integer.toString(Thread.getAllStackTraces().size());
                case "get" -> String.valueOf(beans().getAttribute(new ObjectName(words[1]), words[2]));
                case "invoke" -> invoke(words[1], words[2], Arrays.copyOfRange(words, 3, words.length));
                default -> throw new IllegalArgumentException("unknown: " + question);
            };
        } catch (JMException e) {
            return "failed: " + e;
        }
    }

    private static MBeanServer beans() {
        return ManagementFactory.getPlatformMBeanServer();
    }

    /** A host needs memory, too. */
    private static String work() {
        byte[] needed = new byte[A_HOSTS_WORK];
        needed[A_HOSTS_WORK - 1] = 1;
        return "done " + needed[A_HOSTS_WORK - 1];
    }

    private static long used() {
        Runtime jvm = Runtime.getRuntime();
        return jvm.totalMemory() - jvm.freeMemory();
    }

    /** What the collection itself found: in a busy host, much is new again a moment later. */
    private static long live() {
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static String invoke(String bean, String operation, String[] arguments) throws JMException {
        String[] types = new String[arguments.length];
        Arrays.fill(types, String.class.getName());
        return String.valueOf(beans().invoke(new ObjectName(bean), operation, arguments, types));
    }
}
