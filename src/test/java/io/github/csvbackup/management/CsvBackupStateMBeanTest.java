package io.github.csvbackup.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.openmbean.ReadOnlyOperation;
import io.github.csvbackup.security.Role;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CsvBackupStateMBeanTest {
    @Test
    void readersMayCallTheseAndNoOthers() {
        assertThat(Arrays.stream(CsvBackupStateMBean.class.getMethods())
                        .filter(method -> method.isAnnotationPresent(ReadOnlyOperation.class))
                        .filter(method ->
                                method.getAnnotation(ReadOnlyOperation.class).value() == Role.READER))
                .extracting(Method::getName)
                .containsExactlyInAnyOrder("assess", "refresh", "shadowCopies");
    }
}
