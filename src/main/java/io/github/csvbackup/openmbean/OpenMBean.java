package io.github.csvbackup.openmbean;

import io.github.csvbackup.security.Role;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ReflectionException;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.OpenMBeanOperationInfo;
import javax.management.openmbean.OpenMBeanOperationInfoSupport;
import javax.management.openmbean.OpenMBeanParameterInfo;
import javax.management.openmbean.OpenMBeanParameterInfoSupport;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A DynamicMBean over an interface: getters are read-only attributes, all other methods operations; names of parameters are those of the
 * compiled interface. Exceptions that reach the client carry a plain sentence and no class of ours. Thread-safe if the target is.
 */
public final class OpenMBean extends NotificationBroadcasterSupport implements DynamicMBean {
    private static final Logger LOG = LoggerFactory.getLogger(OpenMBean.class);

    private record Member(Method method, OpenType<?> type) {}

    private final Object target;
    private final Map<String, Member> attributes = new TreeMap<>();
    private final Map<String, Member> operations = new LinkedHashMap<>();
    private final MBeanInfo info;

    /** A bean that sends no notifications. */
    public <T> OpenMBean(Class<T> face, T target) {
        this(face, target, Runnable::run);
    }

    /**
     * @param face the interface to offer; it must not overload
     * @param target what answers
     * @param listeners runs the listeners of notifications, each on its own
     */
    public <T> OpenMBean(Class<T> face, T target, Executor listeners, MBeanNotificationInfo... notifications) {
        super(listeners, notifications);
        this.target = target;
        Method[] methods = face.getMethods();
        Arrays.sort(methods, Comparator.comparing(Method::getName));
        try {
            Set<String> names = new HashSet<>();
            for (Method method : methods) {
                if (!names.add(method.getName())) {
                    throw new IllegalArgumentException(face.getSimpleName() + " overloads " + method.getName());
                }
                Member member = new Member(method, OpenValues.typeOf(method.getGenericReturnType()));
                String attribute = attributeName(method);
                Map<String, Member> members = attribute == null ? operations : attributes;
                if (members.put(attribute == null ? method.getName() : attribute, member) != null) {
                    throw new IllegalArgumentException(face.getSimpleName() + " overloads " + method.getName());
                }
            }
            this.info = new OpenMBeanInfoSupport(
                    face.getSimpleName(),
                    describe(face.getAnnotation(Description.class), face.getSimpleName()),
                    attributeInfos(),
                    null,
                    operationInfos(),
                    notifications);
        } catch (OpenDataException e) {
            throw new IllegalArgumentException(face.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable String attributeName(Method method) {
        String name = method.getName();
        if (method.getParameterCount() > 0 || method.getReturnType() == void.class) {
            return null;
        }
        if (name.startsWith("get") && name.length() > 3) {
            return name.substring(3);
        }
        return name.startsWith("is") && name.length() > 2 ? name.substring(2) : null;
    }

    private static String describe(@Nullable Description description, String otherwise) {
        return description == null ? otherwise : description.value();
    }

    private OpenMBeanAttributeInfo[] attributeInfos() {
        return attributes.entrySet().stream()
                .map(entry -> {
                    Method method = entry.getValue().method();
                    String text = describe(method.getAnnotation(Description.class), entry.getKey());
                    return new OpenMBeanAttributeInfoSupport(
                            entry.getKey(),
                            text,
                            entry.getValue().type(),
                            true,
                            false,
                            method.getName().startsWith("is"));
                })
                .toArray(OpenMBeanAttributeInfo[]::new);
    }

    private OpenMBeanOperationInfo[] operationInfos() throws OpenDataException {
        List<OpenMBeanOperationInfo> infos = new ArrayList<>();
        for (Member member : operations.values()) {
            Method method = member.method();
            ReadOnlyOperation readOnly = method.getAnnotation(ReadOnlyOperation.class);
            Role needed = readOnly == null ? Role.OPERATOR : readOnly.value();
            infos.add(new OpenMBeanOperationInfoSupport(
                    method.getName(),
                    describe(method.getAnnotation(Description.class), method.getName()),
                    parameterInfos(method),
                    member.type(),
                    readOnly == null ? MBeanOperationInfo.ACTION : MBeanOperationInfo.INFO,
                    new ImmutableDescriptor(Map.of(Role.NEEDED, needed.text()))));
        }
        return infos.toArray(OpenMBeanOperationInfo[]::new);
    }

    private static OpenMBeanParameterInfo[] parameterInfos(Method method) throws OpenDataException {
        List<OpenMBeanParameterInfo> infos = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            String text = describe(parameter.getAnnotation(Description.class), parameter.getName());
            OpenType<?> type = OpenValues.typeOf(parameter.getParameterizedType());
            if (!(type instanceof SimpleType<?>)) {
                throw new OpenDataException(
                        "parameter " + parameter.getName() + " of " + method.getName() + " is not simple");
            }
            infos.add(new OpenMBeanParameterInfoSupport(parameter.getName(), text, type));
        }
        return infos.toArray(OpenMBeanParameterInfo[]::new);
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return info;
    }

    @Override
    public @Nullable Object getAttribute(String name)
            throws AttributeNotFoundException, MBeanException, ReflectionException {
        Member member = attributes.get(name);
        if (member == null) {
            throw new AttributeNotFoundException("There is no attribute \"" + name + "\"; there are: "
                    + String.join(", ", attributes.keySet()) + ".");
        }
        return call(member);
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList values = new AttributeList();
        for (String name : names) {
            try {
                values.add(new Attribute(name, getAttribute(name)));
            } catch (AttributeNotFoundException | MBeanException | ReflectionException | RuntimeException e) {
                LOG.debug("Attribute {} is left out, as the contract of DynamicMBean wants", name, e);
            }
        }
        return values;
    }

    @Override
    public @Nullable Object invoke(String name, Object @Nullable [] arguments, String @Nullable [] signature)
            throws MBeanException, ReflectionException {
        Member member = operations.get(name);
        if (member == null) {
            throw new IllegalArgumentException("There is no operation \"" + name + "\"; there are: "
                    + String.join(", ", operations.keySet()) + ".");
        }
        Object[] given = arguments == null ? new Object[0] : arguments;
        Parameter[] parameters = member.method().getParameters();
        if (given.length != parameters.length) {
            throw new IllegalArgumentException(name + " takes " + parameters.length + " arguments ("
                    + String.join(
                            ", ",
                            Arrays.stream(parameters).map(Parameter::getName).toList()) + "), not " + given.length
                    + ".");
        }
        for (int i = 0; i < given.length; i++) {
            if (!fits(given[i], parameters[i])) {
                throw new IllegalArgumentException("The argument " + parameters[i].getName() + " of " + name
                        + " must be a " + parameters[i].getType().getSimpleName() + ", not " + given[i] + ".");
            }
        }
        return call(member, given);
    }

    private static boolean fits(@Nullable Object given, Parameter parameter) {
        Class<?> wanted = MethodType.methodType(parameter.getType()).wrap().returnType();
        return given == null ? !parameter.getType().isPrimitive() : wanted.isInstance(given);
    }

    private @Nullable Object call(Member member, Object... arguments) throws MBeanException, ReflectionException {
        try {
            return OpenValues.valueOf(member.method().invoke(target, arguments), member.type());
        } catch (InvocationTargetException e) {
            throw plain(e.getCause());
        } catch (IllegalAccessException | OpenDataException e) {
            throw new ReflectionException(e, member.method().getName() + " failed: " + e.getMessage());
        }
    }

    /** Only classes of the JDK reach the client, which has none of ours. */
    private static RuntimeException plain(@Nullable Throwable cause) {
        if (cause instanceof IllegalArgumentException) {
            return new IllegalArgumentException(cause.getMessage());
        }
        if (cause instanceof IllegalStateException) {
            return new IllegalStateException(cause.getMessage());
        }
        IllegalStateException plain = new IllegalStateException("The operation failed: " + cause);
        if (cause != null) {
            plain.setStackTrace(cause.getStackTrace());
        }
        return plain;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException("No attribute can be set; \"" + attribute.getName() + "\" is read-only.");
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }
}
