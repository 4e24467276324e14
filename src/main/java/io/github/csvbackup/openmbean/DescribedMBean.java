package io.github.csvbackup.openmbean;

import io.github.csvbackup.security.Role;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import javax.management.DescriptorRead;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.NotificationEmitter;
import javax.management.StandardEmitterMBean;

/** The JDK's MXBean, with the descriptions, the parameter names and the roles of the interface, all sorted by name. */
final class DescribedMBean extends StandardEmitterMBean {
    private final Map<String, Method> methods;

    /** @param methods those of the interface by name */
    <T> DescribedMBean(Class<T> face, T target, NotificationEmitter emitter, Map<String, Method> methods) {
        super(target, face, true, emitter);
        this.methods = methods;
        cacheMBeanInfo(sorted(getMBeanInfo()));
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
