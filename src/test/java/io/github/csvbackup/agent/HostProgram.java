package io.github.csvbackup.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import javax.management.ObjectName;

/** Someone else's program, as the tests start it: answers what it is asked on stdin, and ends at the end of stdin. */
public final class HostProgram {
    private HostProgram() {}

    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            say("ends");
            return;
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "class" -> say(version(words[1]));
                case "await-start" -> awaitStart();
                case "properties" -> properties();
                case "threads" -> threads();
                case "mbeans" -> mbeans();
                default -> throw new IOException("unknown: " + line);
            }
            say(".");
        }
    }

    /** Marked, so that what the agent prints is not taken for an answer. */
    private static void say(String line) {
        System.out.println("> " + line);
    }

    private static String version(String name) {
        try {
            Class<?> found = Class.forName(name);
            return found.getProtectionDomain().getCodeSource().getLocation().getPath();
        } catch (ClassNotFoundException e) {
            return "absent";
        }
    }

    private static void awaitStart() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("csv-backup-start")) {
                thread.join();
            }
        }
    }

    /** All but the class path, to which the JVM itself appends a -javaagent's jar. */
    private static void properties() {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> !name.equals("java.class.path"))
                .sorted()
                .forEach(name -> say(name + "=" + System.getProperty(name).strip()));
    }

    private static void threads() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ClassLoader context = thread.getContextClassLoader();
            if (thread.getName().startsWith("csv-backup-")
                    || thread.getName().contains("JNA")
                    || (context != null && "csv-backup-agent".equals(context.getName()))) {
                say(thread.getName());
            }
        }
    }

    private static void mbeans() throws Exception {
        ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("*csvbackup*:*"), null)
                .forEach(name -> say(name.toString()));
    }
}
