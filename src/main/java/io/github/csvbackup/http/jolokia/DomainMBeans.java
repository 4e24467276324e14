package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.security.Role;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jolokia.backend.executor.MBeanServerExecutor;
import org.jspecify.annotations.Nullable;

/** Shows the MBeans of one domain of one server and hides all others. Thread-safe. */
final class DomainMBeans implements MBeanServerExecutor {
    private static final long MILLIS_PER_SECOND = 1000;

    private final MBeanServer server;
    private final String domain;
    private final ObjectName all;
    private final LongSupplier epochMillis;

    private Set<ObjectName> lastSeen;
    private long changedAtMillis;

    /** @param epochMillis the time of day, such as {@link System#currentTimeMillis()} */
    DomainMBeans(MBeanServer server, String domain, LongSupplier epochMillis) {
        this.server = server;
        this.domain = domain;
        this.epochMillis = epochMillis;
        try {
            this.all = new ObjectName(domain + ":*");
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException("\"" + domain + "\" is not a valid domain of MBeans.", e);
        }
        this.lastSeen = server.queryNames(all, null);
        this.changedAtMillis = epochMillis.getAsLong();
    }

    MBeanServer server() {
        return server;
    }

    boolean contains(@Nullable ObjectName name) {
        return name != null && name.getDomain().equals(domain);
    }

    /** The name of an operation without its signature, which clients may append. */
    static String bareName(String operation) {
        int signature = operation.indexOf('(');
        return signature < 0 ? operation : operation.substring(0, signature);
    }

    /**
     * Reports hidden MBeans and unknown ones with the same message.
     *
     * @throws InstanceNotFoundException if the MBean is hidden or unknown, or the name is a pattern
     */
    void checkExists(ObjectName name) throws InstanceNotFoundException {
        if (name.isPattern() || !contains(name) || !server.isRegistered(name)) {
            throw new InstanceNotFoundException(
                    "MBean " + name + " not found. Search for " + all + " to list all MBeans.");
        }
    }

    /**
     * The role that an operation requires according to its descriptor: OPERATOR if that does not say or the operation is unknown, and the highest one if
     * several operations share the name.
     */
    Role needs(ObjectName name, String operation) {
        try {
            return Arrays.stream(server.getMBeanInfo(name).getOperations())
                    .filter(info -> info.getName().equals(operation))
                    .map(info -> Role.needed(info.getDescriptor().getFieldValue(Role.NEEDED)))
                    .max(Comparator.naturalOrder())
                    .orElse(Role.OPERATOR);
        } catch (JMException e) {
            return Role.OPERATOR;
        }
    }

    /** Whether the MBean has this attribute, and clients can only read it. */
    boolean isReadOnly(ObjectName name, String attribute) {
        try {
            return Arrays.stream(server.getMBeanInfo(name).getAttributes())
                    .anyMatch(info -> info.getName().equals(attribute) && !info.isWritable());
        } catch (JMException e) {
            return false;
        }
    }

    @Override
    public void each(@Nullable ObjectName name, MBeanEachCallback callback)
            throws IOException, ReflectionException, MBeanException {
        for (ObjectName found : queryNames(name)) {
            try {
                callback.callback(server, found);
            } catch (InstanceNotFoundException e) {
                throw new IllegalArgumentException("MBean " + found + " has been unregistered. Try again.", e);
            }
        }
    }

    @Override
    public <R> R call(ObjectName name, MBeanAction<R> action, Object... arguments)
            throws IOException, ReflectionException, MBeanException, AttributeNotFoundException,
                    InstanceNotFoundException {
        checkExists(name);
        return action.execute(server, name, arguments);
    }

    /** The matching names, sorted. MBeans of other domains are not compared with the pattern. */
    @Override
    public Set<ObjectName> queryNames(@Nullable ObjectName name) {
        Set<ObjectName> names = new LinkedHashSet<>();
        observed().stream()
                .filter(found -> name == null || name.apply(found))
                .sorted()
                .forEach(names::add);
        return names;
    }

    /**
     * Whether an MBean was registered or unregistered at or after a time. Instead of listening to the host's MBean server, this and {@link #queryNames}
     * compare the names with those of the previous call. So a change may be dated too late, but no client misses it.
     *
     * @param epochSeconds seconds since 1970-01-01 UTC
     */
    @Override
    public boolean hasMBeansListChangedSince(long epochSeconds) {
        observed();
        synchronized (this) {
            return changedAtMillis / MILLIS_PER_SECOND >= epochSeconds;
        }
    }

    private synchronized Set<ObjectName> observed() {
        Set<ObjectName> now = server.queryNames(all, null);
        if (!now.equals(lastSeen)) {
            lastSeen = now;
            changedAtMillis = epochMillis.getAsLong();
        }
        return now;
    }
}
