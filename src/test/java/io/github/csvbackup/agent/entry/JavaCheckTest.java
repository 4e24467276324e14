package io.github.csvbackup.agent.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaCheckTest {
    @ParameterizedTest
    @CsvSource({"1.8, 8", "9, 9", "11, 11", "16, 16"})
    void anOlderJavaIsToldWhatIsNeeded(String version, String number) {
        assertThat(JavaCheck.problem(version))
                .isEqualTo("This is Java " + number
                        + ". The agent needs a 64-bit Java 17 or newer: give the full path of its java.");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"17", "25", "100", "", "new"})
    void anyOtherJavaGoesOn(String version) {
        assertThat(JavaCheck.problem(version)).isNull();
    }

    /** 52 is Java 8. */
    @Test
    void anOlderJavaCanLoadIt() throws IOException {
        try (DataInputStream in = new DataInputStream(JavaCheck.class.getResourceAsStream("JavaCheck.class"))) {
            assertThat(in.readInt()).isEqualTo(0xCAFEBABE);
            assertThat(in.readUnsignedShort()).isZero();
            assertThat(in.readUnsignedShort()).isEqualTo(52);
        }
    }
}
