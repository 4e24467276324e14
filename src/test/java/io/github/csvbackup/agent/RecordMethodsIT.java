package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The build writes equals, hashCode and toString of records; they must do what those of javac do. */
class RecordMethodsIT {
    /** Two values of each type; of any other type null. */
    private static final Map<Class<?>, List<?>> VALUES = Map.ofEntries(
            Map.entry(boolean.class, List.of(true, false)),
            Map.entry(int.class, List.of(-7, 8)),
            Map.entry(long.class, List.of(1L << 40, 2L)),
            Map.entry(double.class, List.of(0.0, -0.0)),
            Map.entry(Long.class, List.of(5L, 6L)),
            Map.entry(Integer.class, List.of(5, 6)),
            Map.entry(String.class, List.of("x", "")),
            Map.entry(List.class, List.of(List.of(), List.of("a"))),
            Map.entry(Set.class, List.of(Set.of(), Set.of("a"))),
            Map.entry(Map.class, List.of(Map.of(), Map.of("a", "b"))),
            Map.entry(Optional.class, List.of(Optional.empty(), Optional.of("a"))),
            Map.entry(Instant.class, List.of(Instant.EPOCH, Instant.EPOCH.plusSeconds(1))),
            Map.entry(Duration.class, List.of(Duration.ZERO, Duration.ofSeconds(1))),
            Map.entry(Path.class, List.of(Path.of("a"), Path.of("b"))),
            Map.entry(URI.class, List.of(URI.create("a"), URI.create("b"))));

    @Test
    void recordsBehaveAsThoseOfTheCompiler() throws Exception {
        int compared = 0;
        Set<Class<?>> types = new HashSet<>();
        try (Isolated isolated = Isolated.open()) {
            for (String name : PackagedJar.classes()) {
                Class<?> ours = name.startsWith("io.github.csvbackup.")
                        ? isolated.loader().loadClass(name)
                        : null;
                if (ours == null || !ours.isRecord()) {
                    continue;
                }
                Class<?> compiled = Class.forName(name, false, getClass().getClassLoader());
                assertThat(ours).isNotSameAs(compiled);
                Set<String> written = Arrays.stream(ours.getDeclaredMethods())
                        .map(Method::getName)
                        .filter(method -> method.startsWith("record$"))
                        .collect(Collectors.toSet());
                RecordComponent[] components = compiled.getRecordComponents();
                for (int changed = -1; changed < components.length; changed++) {
                    Object one = made(ours, -1);
                    Object same = made(ours, -1);
                    Object other = made(ours, changed);
                    Object otherCompiled = made(compiled, changed);
                    if (one == null || same == null || other == null || otherCompiled == null) {
                        continue; // it checks its values
                    }
                    if (written.contains("record$toString")) {
                        assertThat(other).hasToString(otherCompiled.toString());
                    }
                    if (written.contains("record$hashCode")) {
                        assertThat(other).hasSameHashCodeAs(otherCompiled);
                    }
                    if (written.contains("record$equals")) {
                        assertThat(one.equals(other))
                                .as("%s, component %s", name, changed)
                                .isEqualTo(made(compiled, -1).equals(otherCompiled));
                        assertThat(one.equals(same)).as(name).isTrue();
                        assertThat(one.equals(one)).as(name).isTrue();
                        assertThat(one.equals(null)).as(name).isFalse();
                        assertThat(one.equals(otherCompiled)).as(name).isFalse();
                    }
                    compared++;
                    Arrays.stream(components).forEach(component -> types.add(component.getType()));
                }
            }
        }
        assertThat(compared).isGreaterThan(100);
        assertThat(types).contains(int.class, long.class, double.class, boolean.class, String.class, List.class);
    }

    /** Null if the record does not accept these values. */
    private static @Nullable Object made(Class<?> type, int changed) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            List<?> choice = VALUES.get(types[i]);
            values.add(choice == null ? null : choice.get(i == changed ? 1 : 0));
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        try {
            return constructor.newInstance(values.toArray());
        } catch (InvocationTargetException | IllegalArgumentException e) {
            return null;
        }
    }
}
