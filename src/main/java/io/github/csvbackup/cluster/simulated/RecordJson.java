package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.ClusterException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's value types as JSON values, and back: records of records, lists, numbers, texts, times and failures. Both sides are simulated agents of
 * one machine, so a value that does not fit is a different version.
 */
final class RecordJson {
    private static final String CODE = "code";
    private static final String MESSAGE = "message";
    private static final String REMEDY = "remedy";

    private RecordJson() {}

    /** A value for {@link io.github.csvbackup.json.Json#write}. */
    static @Nullable Object of(@Nullable Object value) {
        if (value instanceof Record fields) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (RecordComponent component : fields.getClass().getRecordComponents()) {
                map.put(component.getName(), of(get(component, fields)));
            }
            return map;
        }
        if (value instanceof List<?> items) {
            List<@Nullable Object> list = new ArrayList<>();
            items.forEach(item -> list.add(of(item)));
            return list;
        }
        if (value instanceof ClusterException failure) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put(CODE, failure.code());
            map.put(MESSAGE, failure.getMessage());
            map.put(REMEDY, failure.remedy());
            return map;
        }
        return value instanceof Instant time ? time.toString() : value;
    }

    private static @Nullable Object get(RecordComponent component, Record fields) {
        try {
            return component.getAccessor().invoke(fields);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    /**
     * The inverse of {@link #of}.
     *
     * @throws IllegalArgumentException if the value does not fit to the type
     */
    static @Nullable Object read(Type type, @Nullable Object json) {
        if (json == null) {
            return null;
        }
        if (type instanceof ParameterizedType list && json instanceof List<?> items) {
            Type of = list.getActualTypeArguments()[0];
            List<@Nullable Object> read = new ArrayList<>();
            items.forEach(item -> read.add(read(of, item)));
            return read;
        }
        if (type instanceof Class<?> array && array.isArray() && json instanceof List<?> items) {
            Object read = Array.newInstance(array.getComponentType(), items.size());
            for (int i = 0; i < items.size(); i++) {
                Array.set(read, i, read(array.getComponentType(), items.get(i)));
            }
            return read;
        }
        if (type instanceof Class<?> known && json instanceof Map<?, ?> map) {
            return known == ClusterException.class ? failure(map) : fields(known, map);
        }
        if (json instanceof Long number && (type == int.class || type == Integer.class)) {
            return Math.toIntExact(number);
        }
        if (json instanceof String text && type == Instant.class) {
            return time(text);
        }
        boolean fits = json instanceof Long
                ? type == long.class || type == Long.class
                : json instanceof String ? type == String.class : json instanceof Boolean && type == boolean.class;
        if (!fits) {
            throw new IllegalArgumentException(json + " is not of the type " + type.getTypeName());
        }
        return json;
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(text + " is not a time", e);
        }
    }

    static ClusterException failure(Map<?, ?> map) {
        return ClusterException.reported(
                (Integer) read(Integer.class, map.get(CODE)),
                String.valueOf(map.get(MESSAGE)),
                String.valueOf(map.get(REMEDY)));
    }

    private static Object fields(Class<?> type, Map<?, ?> map) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(map + " is not of the type " + type.getName());
        }
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = read(components[i].getGenericType(), map.get(components[i].getName()));
        }
        try {
            return type.getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException(map + " is not of the type " + type.getName(), e);
        }
    }
}
