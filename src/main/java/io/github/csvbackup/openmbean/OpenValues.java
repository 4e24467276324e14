package io.github.csvbackup.openmbean;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import org.jspecify.annotations.Nullable;

/**
 * Java types and values as open types and values: text, numbers and truth values as they are, enums as text, records as composites in the
 * order of their components, lists and arrays of records, enums or text as arrays (never as tables, whose JSON is of no use in PowerShell).
 */
public final class OpenValues {
    private static final Map<Class<?>, SimpleType<?>> SIMPLE = Map.of(
            String.class, SimpleType.STRING,
            int.class, SimpleType.INTEGER,
            Integer.class, SimpleType.INTEGER,
            long.class, SimpleType.LONG,
            Long.class, SimpleType.LONG,
            boolean.class, SimpleType.BOOLEAN,
            Boolean.class, SimpleType.BOOLEAN,
            double.class, SimpleType.DOUBLE,
            void.class, SimpleType.VOID);

    private OpenValues() {}

    /** The open type of a Java type. */
    static OpenType<?> typeOf(Type type) throws OpenDataException {
        if (type instanceof ParameterizedType parameterized && parameterized.getRawType() == List.class) {
            return arrayOf(parameterized.getActualTypeArguments()[0]);
        }
        if (!(type instanceof Class<?> c)) {
            throw new OpenDataException("no open type for " + type);
        }
        SimpleType<?> simple = SIMPLE.get(c);
        if (simple != null) {
            return simple;
        }
        if (c.isEnum()) {
            return SimpleType.STRING;
        }
        if (c.isArray()) {
            return arrayOf(c.getComponentType());
        }
        if (c.isRecord()) {
            return compositeOf(c);
        }
        throw new OpenDataException("no open type for " + type);
    }

    private static OpenType<?> arrayOf(Type element) throws OpenDataException {
        OpenType<?> type = typeOf(element);
        if (!(type instanceof CompositeType) && !SimpleType.STRING.equals(type)) {
            throw new OpenDataException("no open type for a list of " + element.getTypeName());
        }
        return new ArrayType<>(1, type);
    }

    private static CompositeType compositeOf(Class<?> record) throws OpenDataException {
        RecordComponent[] components = record.getRecordComponents();
        String[] names = new String[components.length];
        String[] descriptions = new String[components.length];
        OpenType<?>[] types = new OpenType<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            Description description = components[i].getAnnotation(Description.class);
            names[i] = components[i].getName();
            descriptions[i] = description == null ? names[i] : description.value();
            types[i] = typeOf(components[i].getGenericType());
        }
        return new CompositeType(record.getSimpleName(), record.getSimpleName(), names, descriptions, types);
    }

    /** A record as composite data, for notifications. */
    public static CompositeData composite(Record value) {
        try {
            return composite(value, compositeOf(value.getClass()));
        } catch (OpenDataException e) {
            throw new IllegalArgumentException(
                    value.getClass().getSimpleName() + " has no open type: " + e.getMessage());
        }
    }

    static @Nullable Object valueOf(@Nullable Object value, OpenType<?> type) throws OpenDataException {
        if (value == null || SimpleType.VOID.equals(type)) {
            return null;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (type instanceof CompositeType composite) {
            return composite((Record) value, composite);
        }
        if (type instanceof ArrayType<?> array) {
            return array(value instanceof List<?> list ? list.toArray() : (Object[]) value, array.getElementOpenType());
        }
        return value;
    }

    private static Object array(Object[] values, OpenType<?> element) throws OpenDataException {
        @Nullable
        Object[] open = element instanceof CompositeType ? new CompositeData[values.length] : new String[values.length];
        for (int i = 0; i < values.length; i++) {
            open[i] = valueOf(values[i], element);
        }
        return open;
    }

    private static CompositeData composite(Record value, CompositeType type) throws OpenDataException {
        RecordComponent[] components = value.getClass().getRecordComponents();
        String[] names = new String[components.length];
        @Nullable Object[] items = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            names[i] = components[i].getName();
            items[i] = valueOf(read(value, components[i]), type.getType(names[i]));
        }
        return new CompositeDataSupport(type, names, items);
    }

    private static @Nullable Object read(Record value, RecordComponent component) throws OpenDataException {
        try {
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new OpenDataException("cannot read " + component.getName() + " of "
                    + value.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
