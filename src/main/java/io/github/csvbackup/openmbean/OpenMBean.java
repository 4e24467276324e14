package io.github.csvbackup.openmbean;

import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.InvalidAttributeValueException;
import javax.management.JMException;
import javax.management.ListenerNotFoundException;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanRegistration;
import javax.management.MBeanServer;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;

/**
 * An MXBean over an interface, described by our annotations. Exceptions that reach a client carry a plain sentence and none of our classes,
 * which a remote client does not have. Thread-safe if the target is.
 *
 * <p>The JDK reads the interface and all its types when a client first needs them, because that costs a starting host tens of milliseconds. So the first
 * MBeanInfo, for which the MBean server asks before it registers the bean, has nothing but the class name.
 */
public final class OpenMBean implements DynamicMBean, NotificationEmitter, MBeanRegistration {
    private final Class<?> face;
    private final Object target;
    private final NotificationEmitter emitter;
    private final Map<String, Method> methods = new HashMap<>();
    private final PrivilegedAction<DescribedMBean> describing;
    private volatile @Nullable DescribedMBean described;
    private volatile boolean nextInfoIsComplete;

    /** A bean that sends no notifications. */
    public <T> OpenMBean(Class<T> face, T target) {
        this(face, target, new NotificationBroadcasterSupport());
    }

    /**
     * @param face the interface to offer; its parameters are texts, arrays of texts, numbers and booleans, and it must not overload a method
     * @param target handles the calls
     */
    public <T> OpenMBean(Class<T> face, T target, NotificationEmitter emitter) {
        this.face = face;
        this.target = target;
        this.emitter = emitter;
        this.describing = () -> new DescribedMBean(face, target, emitter, methods);
        for (Method method : face.getMethods()) {
            if (methods.put(method.getName(), method) != null) {
                throw new IllegalStateException(face.getName() + " overloads " + method.getName() + ".");
            }
        }
    }

    /**
     * As privileged, because the client may be one to whom a security manager grants no more than the use of MBeans. Without a lock, because a
     * transformer of the host may have one of its own while classes are loaded; two at the same time are equal.
     */
    @SuppressWarnings("removal")
    private DescribedMBean described() {
        DescribedMBean known = described;
        if (known == null) {
            boolean mayBeRestricted = Runtime.version().feature() < 24; // later versions have no security managers
            known = mayBeRestricted ? AccessController.doPrivileged(describing) : describing.run();
            described = known;
        }
        return known;
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        if (nextInfoIsComplete) {
            return described().getMBeanInfo();
        }
        // An MBean server that hides preRegister from the bean gets the rest when it asks again.
        nextInfoIsComplete = true;
        return new MBeanInfo(face.getName(), face.getSimpleName(), null, null, null, null);
    }

    @Override
    public ObjectName preRegister(MBeanServer server, ObjectName name) {
        nextInfoIsComplete = true;
        return name;
    }

    @Override
    public void postRegister(Boolean done) {}

    @Override
    public void preDeregister() {}

    @Override
    public void postDeregister() {}

    private static RuntimeException plain(@Nullable Throwable thrown) {
        if (thrown instanceof IllegalArgumentException) {
            return new IllegalArgumentException(thrown.getMessage());
        }
        if (thrown instanceof IllegalStateException) {
            return new IllegalStateException(thrown.getMessage());
        }
        IllegalStateException plain = new IllegalStateException("The operation failed: " + thrown);
        if (thrown != null) {
            plain.setStackTrace(thrown.getStackTrace());
        }
        return plain;
    }

    /** @param signature ignored, because no operation is overloaded */
    @Override
    public @Nullable Object invoke(String name, Object @Nullable [] arguments, String @Nullable [] signature)
            throws MBeanException, ReflectionException {
        Method method = methods.get(name);
        if (method == null) {
            return described().invoke(name, arguments, signature); // the JDK reports the unknown name
        }
        Object[] given = arguments == null ? new Object[0] : arguments;
        check(method, given);
        String[] types =
                Arrays.stream(method.getParameterTypes()).map(Class::getName).toArray(String[]::new);
        try {
            return described().invoke(name, given, types);
        } catch (MBeanException e) {
            throw plain(e.getTargetException());
        } catch (RuntimeException | Error e) {
            throw plain(e);
        }
    }

    @Override
    public @Nullable Object getAttribute(String name)
            throws AttributeNotFoundException, MBeanException, ReflectionException {
        try {
            Method simple = simpleGetter(name);
            return simple == null ? described().getAttribute(name) : simple.invoke(target);
        } catch (InvocationTargetException | MBeanException e) {
            throw plain(e.getCause());
        } catch (IllegalAccessException e) {
            throw new ReflectionException(e);
        } catch (RuntimeException | Error e) {
            throw plain(e);
        }
    }

    /** The getter of an attribute whose value needs no conversion for clients. */
    private @Nullable Method simpleGetter(String attribute) {
        Method getter = attribute.isEmpty() ? null : methods.get("get" + attribute);
        return getter != null
                        && getter.getParameterCount() == 0
                        && (getter.getReturnType() == String.class || getter.getReturnType() == long.class)
                ? getter
                : null;
    }

    @Override
    public void setAttribute(Attribute attribute)
            throws AttributeNotFoundException, InvalidAttributeValueException, MBeanException, ReflectionException {
        try {
            described().setAttribute(attribute);
        } catch (MBeanException e) {
            throw plain(e.getTargetException());
        } catch (RuntimeException | Error e) {
            throw plain(e);
        }
    }

    /** Without those that fail. */
    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList values = new AttributeList(names.length);
        for (String name : names) {
            try {
                values.add(new Attribute(name, getAttribute(name)));
            } catch (JMException | RuntimeException e) {
                // As the JDK does: the list has no place for a reason, which getAttribute tells.
            }
        }
        return values;
    }

    /** Without those that fail. */
    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        AttributeList set = new AttributeList(attributes.size());
        for (Attribute attribute : attributes.asList()) {
            try {
                setAttribute(attribute);
                set.add(attribute);
            } catch (JMException | RuntimeException e) {
                // As above.
            }
        }
        return set;
    }

    private static void check(Method operation, Object[] given) {
        Parameter[] parameters = operation.getParameters();
        if (given.length != parameters.length) {
            String names = Arrays.stream(parameters).map(Parameter::getName).collect(Collectors.joining(", "));
            throw new IllegalArgumentException(
                    "Wrong number of arguments (" + given.length + ") for " + operation.getName() + "(" + names + ").");
        }
        for (int i = 0; i < given.length; i++) {
            if (!fits(given[i], parameters[i].getType())) {
                throw new IllegalArgumentException("Argument " + parameters[i].getName() + " of " + operation.getName()
                        + " must be of type " + parameters[i].getType().getSimpleName() + ", not "
                        + (given[i] == null ? "null" : given[i].getClass().getSimpleName()) + ".");
            }
        }
    }

    private static boolean fits(@Nullable Object given, Class<?> type) {
        return given == null
                ? !type.isPrimitive()
                : MethodType.methodType(type).wrap().returnType().isInstance(given);
    }

    @Override
    public void addNotificationListener(
            NotificationListener listener, @Nullable NotificationFilter filter, @Nullable Object handback) {
        emitter.addNotificationListener(listener, filter, handback);
    }

    @Override
    public void removeNotificationListener(NotificationListener listener) throws ListenerNotFoundException {
        emitter.removeNotificationListener(listener);
    }

    @Override
    public void removeNotificationListener(
            NotificationListener listener, @Nullable NotificationFilter filter, @Nullable Object handback)
            throws ListenerNotFoundException {
        emitter.removeNotificationListener(listener, filter, handback);
    }

    @Override
    public MBeanNotificationInfo[] getNotificationInfo() {
        return emitter.getNotificationInfo();
    }
}
