package io.github.csvbackup.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTextTest {
    private static final String TEXT = "users=C:\\état\\用户\r\n\tport=1\n";

    /** Windows PowerShell 5.1: {@code >} and Out-File write UTF-16, {@code -Encoding UTF8} writes a byte order mark. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-8"})
    void aMarkTellsTheEncodingAndIsNotPartOfTheText(String charset) throws Exception {
        assertThat(FileText.decode(("\uFEFF" + TEXT).getBytes(Charset.forName(charset)), "It"))
                .isEqualTo(TEXT);
    }

    @Test
    void withoutAMarkItIsUtf8() throws Exception {
        assertThat(FileText.decode(TEXT.getBytes(StandardCharsets.UTF_8), "It")).isEqualTo(TEXT);
        assertThat(FileText.decode(new byte[0], "It")).isEmpty();
        assertThat(FileText.decode(new byte[] {'a'}, "It")).isEqualTo("a");
    }

    @Test
    void otherEncodingsAreRefusedAndNotGuessedAt() {
        assertRefused(
                TEXT.substring(0, 12).getBytes(StandardCharsets.ISO_8859_1), "It is not UTF-8; save it as UTF-8.");
        assertRefused(new byte[] {(byte) 0xff, (byte) 0xfe, 'a'}, "It is not UTF-16LE; save it as UTF-8.");
        assertRefused(
                new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) 0xd8, 'a', 0}, "It is not UTF-16LE; save it as UTF-8.");
        String notText = "It is not text: it contains control characters; save it as plain text in UTF-8.";
        assertRefused("port".getBytes(StandardCharsets.UTF_16LE), notText);
        assertRefused("\uFEFFport".getBytes(Charset.forName("UTF-32LE")), notText);
        assertRefused("port\u001b[2J".getBytes(StandardCharsets.UTF_8), notText);
    }

    @Test
    void whatCanBeNothingButUtf8IsNotTakenForAnythingElse() throws Exception {
        assertThat(FileText.decodeUtf8("\uFEFFa".getBytes(StandardCharsets.UTF_8), "It"))
                .isEqualTo("a");
        assertThatThrownBy(() -> FileText.decodeUtf8("\uFEFFa".getBytes(StandardCharsets.UTF_16LE), "It"))
                .hasMessage("It is not UTF-8; save it as UTF-8.");
    }

    private static void assertRefused(byte[] bytes, String sentence) {
        assertThatThrownBy(() -> FileText.decode(bytes, "It"))
                .isInstanceOf(FileRefusedException.class)
                .hasMessage(sentence);
    }
}
