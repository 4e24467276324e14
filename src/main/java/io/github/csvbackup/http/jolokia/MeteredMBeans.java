package io.github.csvbackup.http.jolokia;

import java.io.IOException;
import java.util.Set;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanException;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jolokia.backend.executor.MBeanServerExecutor;
import org.jspecify.annotations.Nullable;

/** The MBeans, for one HTTP request. Uses up its budget. */
record MeteredMBeans(DomainMBeans beans, Budget budget) implements MBeanServerExecutor {
    @Override
    public void each(@Nullable ObjectName name, MBeanEachCallback callback)
            throws IOException, ReflectionException, MBeanException {
        beans.each(name, (server, found) -> {
            budget.checkTime();
            callback.callback(server, found);
        });
    }

    @Override
    public <R> R call(ObjectName name, MBeanAction<R> action, Object... arguments)
            throws IOException, ReflectionException, MBeanException, AttributeNotFoundException,
                    InstanceNotFoundException {
        if (arguments.length > 0) {
            // With an argument, Jolokia reads an attribute; without one, the MBeanInfo.
            budget.takeAttribute();
        }
        return beans.call(name, action, arguments);
    }

    @Override
    public Set<ObjectName> queryNames(@Nullable ObjectName name) {
        return beans.queryNames(name);
    }

    @Override
    public boolean hasMBeansListChangedSince(long epochSeconds) {
        return beans.hasMBeansListChangedSince(epochSeconds);
    }
}
