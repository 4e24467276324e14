package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.security.Role;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserCommandTest {
    private static String line(String name, String input) throws StartException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UserCommand.print(
                name,
                Role.READER,
                null,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void printsALineInWhichThePasswordDoesNotStand() throws Exception {
        assertThat(line("prometheus", "a long password\nmore"))
                .startsWith("prometheus reader pbkdf2-sha256:600000:")
                .doesNotContain("password");
    }

    @Test
    void aShortPasswordIsSaidToBeShort() {
        assertThatThrownBy(() -> line("prometheus", "short"))
                .isInstanceOf(UsageException.class)
                .hasMessage("The password is too short; give at least 12 characters.");
        assertThatThrownBy(() -> line("prometheus", "")).hasMessageContaining("too short");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "operator", "#x"})
    void aNameThatTheFileCouldNotHoldIsRefused(String name) {
        assertThatThrownBy(() -> line(name, "a long password"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("cannot be a name");
    }
}
