package io.github.csvbackup.agent.entry;

import org.jspecify.annotations.Nullable;

/** What a person reads when the agent could not do what it was asked: one line. */
final class Messages {
    private Messages() {}

    static void print(String message) {
        System.err.println("csv-backup-agent: " + message);
    }

    static String of(Throwable failure) {
        if (failure instanceof ExceptionInInitializerError && failure.getCause() != null) {
            return of(failure.getCause());
        }
        if (failure instanceof NoClassDefFoundError) {
            return "this JVM lacks a module that the agent needs (no " + failure.getMessage()
                    + "): start it with --add-modules java.se,jdk.httpserver";
        }
        String message = failure.getMessage();
        return oneLine(message != null && isForPeople(failure) ? message : failure.toString());
    }

    /** Our own exceptions and those about arguments and files say all in their text; others need their type. */
    private static boolean isForPeople(Throwable failure) {
        return failure.getClass().getName().startsWith("io.github.csvbackup.")
                || failure instanceof IllegalArgumentException
                || failure.getClass() == java.io.IOException.class;
    }

    private static String oneLine(@Nullable String text) {
        return String.valueOf(text).replace("\r", "").replace('\n', ' ');
    }
}
