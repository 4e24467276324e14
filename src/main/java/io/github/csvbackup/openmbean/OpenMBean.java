package io.github.csvbackup.openmbean;

import io.github.csvbackup.security.Role;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DescriptorRead;
import javax.management.InvalidAttributeValueException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.ReflectionException;
import javax.management.StandardEmitterMBean;
import org.jspecify.annotations.Nullable;

/**
 * An MXBean over an interface, described by our annotations. Exceptions that reach a client carry a plain sentence and none of our classes,
 * which a remote client does not have. Thread-safe if the target is.
 */
public final class OpenMBean extends StandardEmitterMBean {
    private final Map<String, Method> methods;

    /** A bean that sends no notifications. */
    public <T> OpenMBean(Class<T> face, T target) {
        this(face, target, new NotificationBroadcasterSupport());
    }

    /**
     * @param face the interface to offer; its parameters are texts, arrays of texts, numbers and booleans, and it must not overload a method
     * @param target handles the calls
     */
    public <T> OpenMBean(Class<T> face, T target, NotificationEmitter emitter) {
        super(target, face, true, emitter);
        methods = new HashMap<>();
        for (Method method : face.getMethods()) {
            if (methods.put(method.getName(), method) != null) {
                throw new IllegalStateException(face.getName() + " overloads " + method.getName() + ".");
            }
        }
        cacheMBeanInfo(sorted(getMBeanInfo()));
    }

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

    private static MBeanInfo sorted(MBeanInfo info) {
        MBeanAttributeInfo[] attributes = info.getAttributes();
        MBeanOperationInfo[] operations = info.getOperations();
        Comparator<MBeanFeatureInfo> byName = (one, other) -> one.getName().compareTo(other.getName());
        Arrays.sort(attributes, byName);
        Arrays.sort(operations, byName);
        return new MBeanInfo(
                info.getClassName(),
                info.getDescription(),
                attributes,
                info.getConstructors(),
                operations,
                info.getNotifications(),
                info.getDescriptor());
    }

    /** @param signature ignored, because no operation is overloaded */
    @Override
    public @Nullable Object invoke(String name, Object @Nullable [] arguments, String @Nullable [] signature)
            throws MBeanException, ReflectionException {
        Method method = methods.get(name);
        if (method == null) {
            return super.invoke(name, arguments, signature); // the JDK reports the unknown name
        }
        Object[] given = arguments == null ? new Object[0] : arguments;
        check(method, given);
        String[] types =
                Arrays.stream(method.getParameterTypes()).map(Class::getName).toArray(String[]::new);
        try {
            return super.invoke(name, given, types);
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
            return super.getAttribute(name);
        } catch (MBeanException e) {
            throw plain(e.getTargetException());
        } catch (RuntimeException | Error e) {
            throw plain(e);
        }
    }

    @Override
    public void setAttribute(Attribute attribute)
            throws AttributeNotFoundException, InvalidAttributeValueException, MBeanException, ReflectionException {
        try {
            super.setAttribute(attribute);
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

    /** The interface, which clients know, and not the class of the target. */
    @Override
    protected String getClassName(MBeanInfo info) {
        return getMBeanInterface().getName();
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return description(info, getMBeanInterface().getSimpleName());
    }

    @Override
    protected String getDescription(MBeanFeatureInfo info) {
        return description(info, info.getName());
    }

    @Override
    protected String getDescription(MBeanOperationInfo operation, MBeanParameterInfo parameter, int index) {
        return description(parameter, getParameterName(operation, parameter, index));
    }

    private static String description(DescriptorRead info, String otherwise) {
        Object text = info.getDescriptor().getFieldValue(Description.FIELD);
        return text == null ? otherwise : text.toString();
    }

    /** The name in the source, which {@code javac -parameters} keeps. */
    @Override
    protected String getParameterName(MBeanOperationInfo operation, MBeanParameterInfo parameter, int index) {
        Method method = methods.get(operation.getName());
        return method == null ? parameter.getName() : method.getParameters()[index].getName();
    }

    @Override
    protected int getImpact(MBeanOperationInfo operation) {
        return operation.getDescriptor().getFieldValue(Role.NEEDED) == null
                ? MBeanOperationInfo.ACTION
                : MBeanOperationInfo.INFO;
    }
}
