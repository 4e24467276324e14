package io.github.csvbackup.bench.host;

import java.io.IOException;

/** Says when its main began, and answers the lines of its stdin until that ends. With an argument it exits at once. */
public final class BenchHost {
    private BenchHost() {}

    public static void main(String[] args) throws IOException {
        // First of all: on Linux this clock is the same in all processes.
        long begun = System.nanoTime();
        System.out.println("> " + begun);
        if (args.length > 0) {
            Runtime.getRuntime().halt(0);
        }
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            System.out.println("> " + Answers.to(line));
        }
        Runtime.getRuntime().halt(0);
    }

    /** Empty at the end. */
    private static String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = System.in.read(); next >= 0 && next != '\n'; next = System.in.read()) {
            line.append((char) next);
        }
        return line.toString();
    }
}
