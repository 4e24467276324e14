package io.github.csvbackup.management;

import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.security.Role;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.rmi.server.RemoteServer;
import java.rmi.server.ServerNotActiveException;
import java.security.Principal;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/** The JMX caller of the current thread. Always an operator, because access to the MBean server of a JVM allows anything in that JVM. */
public final class JmxCaller {
    private JmxCaller() {}

    /** The user that the connector authenticated, otherwise the account of the JVM. */
    public static Caller current() {
        Subject subject = subject();
        String user = subject == null
                ? ""
                : subject.getPrincipals().stream()
                        .map(Principal::getName)
                        .findFirst()
                        .orElse("");
        return new Caller(Role.OPERATOR, user.isEmpty() ? account() : user, "jmx", remoteAddress());
    }

    private static String account() {
        return "not authenticated; the JVM's account is " + System.getProperty("user.name", "unknown");
    }

    /** {@code Subject.current()} exists since JDK 18; older JDKs keep the subject in the access control context. */
    private static @Nullable Subject subject() {
        try {
            return (Subject) Subject.class.getMethod("current").invoke(null);
        } catch (NoSuchMethodException e) {
            return subjectOfOlderJdk();
        } catch (IllegalAccessException | InvocationTargetException e) {
            return null;
        }
    }

    /** By reflection, because the JDK will remove both classes. */
    private static @Nullable Subject subjectOfOlderJdk() {
        try {
            Object context = Class.forName("java.security.AccessController")
                    .getMethod("getContext")
                    .invoke(null);
            Class<?> contextClass = Class.forName("java.security.AccessControlContext");
            Method getSubject = Subject.class.getMethod("getSubject", contextClass);
            return (Subject) getSubject.invoke(null, context);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Empty for a call inside the JVM, and if the host runs without the module java.rmi. */
    private static String remoteAddress() {
        try {
            return RemoteServer.getClientHost();
        } catch (ServerNotActiveException | NoClassDefFoundError e) {
            return "";
        }
    }
}
