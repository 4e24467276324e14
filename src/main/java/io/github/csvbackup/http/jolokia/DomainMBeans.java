package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.security.Role;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jolokia.backend.executor.MBeanServerExecutor;
import org.jspecify.annotations.Nullable;

/** The MBeans of one domain of one server; all others do not exist. */
record DomainMBeans(MBeanServer server, String domain) implements MBeanServerExecutor {
    boolean contains(@Nullable ObjectName name) {
        return name != null && name.getDomain().equals(domain);
    }

    /**
     * The role that an operation needs, as the MBean itself says: an operator's for one that says nothing or is not there, and the higher one where two
     * have the name.
     */
    Role needs(ObjectName name, String operation) {
        try {
            return Arrays.stream(server.getMBeanInfo(name).getOperations())
                    .filter(info -> info.getName().equals(operation))
                    .map(info -> String.valueOf(info.getDescriptor().getFieldValue(Role.NEEDED)))
                    .map(Role::needed)
                    .max(Comparator.naturalOrder())
                    .orElse(Role.OPERATOR);
        } catch (JMException e) {
            return Role.OPERATOR;
        }
    }

    @Override
    public void each(@Nullable ObjectName name, MBeanEachCallback callback)
            throws IOException, ReflectionException, MBeanException {
        for (ObjectName found : queryNames(name)) {
            try {
                callback.callback(server, found);
            } catch (InstanceNotFoundException e) {
                throw new IllegalArgumentException("The MBean " + found + " is gone. Ask again.", e);
            }
        }
    }

    @Override
    public <R> R call(ObjectName name, MBeanAction<R> action, Object... arguments)
            throws IOException, ReflectionException, MBeanException, AttributeNotFoundException,
                    InstanceNotFoundException {
        if (!contains(name)) {
            throw new InstanceNotFoundException(
                    "Only MBeans of the domain " + domain + " can be reached here, not " + name + ".");
        }
        return action.execute(server, name, arguments);
    }

    @Override
    public Set<ObjectName> queryNames(@Nullable ObjectName name) {
        Set<ObjectName> names = new LinkedHashSet<>();
        for (ObjectName found : server.queryNames(name, null)) {
            if (contains(found)) {
                names.add(found);
            }
        }
        return names;
    }

    @Override
    public boolean hasMBeansListChangedSince(long timestamp) {
        return true;
    }
}
