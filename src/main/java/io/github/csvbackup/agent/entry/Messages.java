package io.github.csvbackup.agent.entry;

import java.lang.module.ModuleFinder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One-line messages for users about failures. */
final class Messages {
    private static final List<String> OF_THE_JDK =
            List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "org.w3c.dom.", "org.xml.sax.", "org.ietf.");

    /** What a Java made by jlink needs; install.md says for what. */
    private static final String MODULES_OF_AN_IMAGE =
            "java.instrument,java.logging,java.management,java.xml,jdk.attach,jdk.crypto.ec,jdk.management.agent";

    private Messages() {}

    static void print(String message) {
        System.err.println("csv-backup-agent: " + message);
    }

    static String of(Throwable failure) {
        if (failure instanceof ExceptionInInitializerError && failure.getCause() != null) {
            return of(failure.getCause());
        }
        String lacking = classOfTheJdk(failure);
        if (lacking != null) {
            return "this JVM lacks a module that the agent needs (no " + lacking + "): " + remedy();
        }
        if (failure instanceof SecurityException) {
            return oneLine("the security manager of this JVM denies what the agent needs (" + failure.getMessage()
                    + "): grant java.security.AllPermission to the agent's jar in the policy file, or start the JVM"
                    + " without a security manager");
        }
        String message = failure.getMessage();
        return oneLine(message != null && isForPeople(failure) ? message : failure.toString());
    }

    /** The missing class of the JDK; null if the failure has another cause. */
    private static @Nullable String classOfTheJdk(Throwable failure) {
        if (!(failure instanceof NoClassDefFoundError || failure instanceof ClassNotFoundException)) {
            return null;
        }
        String name = String.valueOf(failure.getMessage()).replace('/', '.');
        return OF_THE_JDK.stream().anyMatch(name::startsWith) && name.indexOf(' ') < 0 ? name : null;
    }

    /** --add-modules works only if the runtime image contains the module. */
    private static String remedy() {
        return ModuleFinder.ofSystem().find("java.se").isPresent()
                ? "start it with --add-modules java.se"
                : "its runtime image does not contain it; make a new one with jlink --add-modules "
                        + MODULES_OF_AN_IMAGE + ", or use a whole JDK or JRE";
    }

    /** The message of our own exceptions, and of those about arguments and files, is enough; others need their type. */
    private static boolean isForPeople(Throwable failure) {
        return failure.getClass().getName().startsWith("io.github.csvbackup.")
                || failure instanceof IllegalArgumentException
                || failure.getClass() == java.io.IOException.class;
    }

    private static String oneLine(@Nullable String text) {
        return String.valueOf(text).replace("\r", "").replace('\n', ' ');
    }
}
