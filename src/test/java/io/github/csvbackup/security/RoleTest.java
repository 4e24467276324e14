package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoleTest {
    /** Each role with those that it includes. */
    @Test
    void whichRoleIncludesWhich() {
        String included = "";
        for (Role role : Role.values()) {
            for (Role other : Role.values()) {
                included += role.includes(other) ? role.text() + " " + other.text() + "\n" : "";
            }
        }

        assertThat(included).isEqualTo("""
                anonymous anonymous
                reader anonymous
                reader reader
                operator anonymous
                operator reader
                operator operator
                operator peer
                peer peer
                """);
    }

    @Test
    void noUserIsAPeer() {
        assertThat(Role.of("peer")).isEmpty();
        assertThat(Role.of("reader")).contains(Role.READER);
    }
}
