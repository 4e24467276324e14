package io.github.csvbackup.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.openmbean.ReadOnlyOperation;
import io.github.csvbackup.security.Role;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvBackupStateMBeanTest {
    @Test
    void withoutCredentialsOneMayCallWhatAsksNoNode() {
        assertThat(namesFor(Role.ANONYMOUS)).containsExactlyInAnyOrder("assess", "explain", "refresh");
    }

    @Test
    void readersMayCallTheseAsWellAndNoOthers() {
        assertThat(namesFor(Role.READER)).containsExactlyInAnyOrder("shadowCopies");
    }

    @Test
    void otherNodesMayCallThisAndNoOther() {
        assertThat(namesFor(Role.PEER)).containsExactly("localEvidence");
    }

    private static List<String> namesFor(Role role) {
        return Arrays.stream(CsvBackupStateMBean.class.getMethods())
                .filter(method -> method.isAnnotationPresent(ReadOnlyOperation.class))
                .filter(method -> method.getAnnotation(ReadOnlyOperation.class).value() == role)
                .map(Method::getName)
                .toList();
    }
}
