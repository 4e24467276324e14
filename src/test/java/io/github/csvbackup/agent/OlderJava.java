package io.github.csvbackup.agent;

/** Runs the packaged jar as an older Java would, which has another version and cannot load the other classes. */
public final class OlderJava {
    private OlderJava() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        System.setProperty("java.specification.version", arguments[0]);
        Class.forName("io.github.csvbackup.agent.entry.JavaCheck")
                .getMethod("main", String[].class)
                .invoke(null, (Object) new String[] {"version"});
    }
}
