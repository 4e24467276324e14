package io.github.csvbackup.agent;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.CodeSource;
import java.security.PrivilegedExceptionAction;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Set;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The program of a host in the tests: answers requests on stdin, and exits at the end of stdin. */
public final class HostProgram {
    /** A file that is kept open, as a virus scanner may do. */
    private static FileInputStream held;

    private HostProgram() {}

    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            say("ends");
            return;
        }
        for (String line = readLine(); line != null; line = readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "class" -> say(version(words[1]));
                case "await-start" -> awaitStart();
                case "properties" -> properties();
                case "threads" -> threads();
                case "mbeans" -> mbeans();
                case "mbeans-as" -> mbeansAs(words[1]);
                case "attribute" -> attribute(words[1]);
                case "jna" -> jna(words[1]);
                case "request" -> request(line.substring("request ".length()).replace(' ', '\n'));
                case "explain" -> explain(words[1]);
                case "pid" -> say(Long.toString(ProcessHandle.current().pid()));
                case "hold" -> held = new FileInputStream(words[1]);
                case "release" -> held.close();
                case "delete" -> delete(words[1]);
                case "acl" -> acl(words[1]);
                default -> throw new IOException("unknown: " + line);
            }
            say(".");
        }
    }

    /** Reads byte by byte, since a reader would call available(), which does not work for a pipe in Wine. Null at the end. */
    private static String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = System.in.read();
        while (next >= 0 && next != '\n') {
            line.append((char) next);
            next = System.in.read();
        }
        return next < 0 && line.length() == 0 ? null : line.toString();
    }

    /** Marked, to distinguish answers from output of the agent. */
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

    /** All properties except the class path, to which the JVM itself adds the jar of a -javaagent. */
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

    /** The accounts with permissions for a file on Windows, and whether they may do more than read; the owner first. */
    private static void acl(String file) throws IOException {
        AclFileAttributeView view = Files.getFileAttributeView(Path.of(file), AclFileAttributeView.class);
        say("owner " + view.getOwner().getName());
        for (AclEntry entry : view.getAcl()) {
            boolean changes = !Collections.disjoint(
                    entry.permissions(),
                    Set.of(
                            AclEntryPermission.WRITE_DATA,
                            AclEntryPermission.APPEND_DATA,
                            AclEntryPermission.DELETE,
                            AclEntryPermission.WRITE_ACL,
                            AclEntryPermission.WRITE_OWNER));
            say(entry.type() + " " + entry.principal().getName() + (changes ? " changes" : " reads"));
        }
    }

    private static void explain(String path) throws Exception {
        Object text = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("io.github.csvbackup:type=CsvBackupState"),
                        "explain",
                        new Object[] {path},
                        new String[] {"java.lang.String"});
        text.toString().lines().forEach(HostProgram::say);
    }

    /** Loads JNA and its native library, as the agent does on Windows, and releases them; for a host that an agent has entered. */
    private static void jna(String folder) throws Exception {
        Method open =
                Class.forName("io.github.csvbackup.agent.entry.IsolatedLoader").getDeclaredMethod("open");
        open.setAccessible(true);
        ClassLoader loader = (ClassLoader) open.invoke(null);
        loader.loadClass("io.github.csvbackup.agent.NativeLibrary")
                .getMethod("unpackInto", Path.class, FileAttribute[].class)
                .invoke(null, Path.of(folder), new FileAttribute<?>[0]);
        try {
            Class<?> jna = Class.forName("com.sun.jna.Native", true, loader);
            say(jna.getField("POINTER_SIZE").get(null).toString());
            ((Closeable) loader).close();
        } catch (LinkageError e) {
            say(e.toString());
        }
    }

    private static void delete(String file) {
        try {
            Files.delete(Path.of(file));
            say("deleted");
        } catch (IOException e) {
            say(e.getClass().getSimpleName());
        }
    }

    /** As an attach calls it. */
    private static void request(String text) throws Exception {
        Class.forName("io.github.csvbackup.agent.entry.Entry")
                .getMethod("agentmain", String.class, Instrumentation.class)
                .invoke(null, text, null);
    }

    private static void attribute(String name) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        say(String.valueOf(server.getAttribute(new ObjectName("io.github.csvbackup:type=CsvBackupState"), name)));
    }

    /** Reads every attribute, so that a detach has to let go of what the JDK keeps for that. */
    private static void mbeans() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(new ObjectName("*csvbackup*:*"), null)) {
            MBeanAttributeInfo[] attributes = server.getMBeanInfo(name).getAttributes();
            for (MBeanAttributeInfo attribute : attributes) {
                server.getAttribute(name, attribute.getName());
            }
            say(name.getKeyProperty("type"));
        }
    }

    /** The same with the permissions that the policy of the host grants to code of a place from which there is none. */
    @SuppressWarnings("removal")
    private static void mbeansAs(String place) throws Exception {
        CodeSource source = new CodeSource(new URL(place), (Certificate[]) null);
        ProtectionDomain[] client = {new ProtectionDomain(source, null, null, null)};
        AccessController.doPrivileged(
                (PrivilegedExceptionAction<Void>) () -> {
                    mbeans();
                    return null;
                },
                new AccessControlContext(client));
    }
}
