package io.github.csvbackup.management;

import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A registered MBean. Closing unregisters it, if it still is registered. */
public final class Registration implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    /** The domain of all our MBeans. */
    public static final String DOMAIN = "io.github.csvbackup";

    private final MBeanServer server;
    private final ObjectName name;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Registration(MBeanServer server, ObjectName name) {
        this.server = server;
        this.name = name;
    }

    /** The name {@code io.github.csvbackup:type=TYPE}. */
    public static ObjectName name(String type) {
        try {
            return new ObjectName(DOMAIN, "type", type);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException("\"" + type + "\" is not a valid type of an MBean", e);
        }
    }

    /**
     * Registers a bean.
     *
     * @throws IllegalStateException if the server rejects the bean; the message names it
     */
    public static Registration register(MBeanServer server, ObjectName name, Object bean) {
        try {
            server.registerMBean(bean, name);
            return new Registration(server, name);
        } catch (InstanceAlreadyExistsException e) {
            throw new IllegalStateException(
                    "The MBean " + name + " already exists: another agent runs in this JVM. Detach it first.", e);
        } catch (JMException e) {
            throw new IllegalStateException("The MBean " + name + " could not be registered: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return; // another bean may have the name now
        }
        try {
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
        } catch (InstanceNotFoundException e) {
            LOG.debug("{} was already unregistered", name);
        } catch (JMException e) {
            LOG.warn("The MBean {} could not be unregistered: {}", name, e.getMessage());
        }
    }
}
