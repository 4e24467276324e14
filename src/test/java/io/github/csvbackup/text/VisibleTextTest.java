package io.github.csvbackup.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTextTest {
    @Test
    void ordinaryTextStaysAsItIs() {
        String text = "C:\\ClusterStorage\\Gr\u00f6\u00dfe \u65e5\u672c \u05e2\u05d1\u05e8 \ud83d\udcbe 50 % <b> \"x\"";
        assertThat(VisibleText.of(text)).isSameAs(text);
        assertThat(VisibleText.of("")).isEmpty();
    }

    @Test
    void whatBeginsALineOrMovesTheCursorIsWrittenOut() {
        assertThat(VisibleText.of("a\r\nb\tc\u001b[31m\u0000\u007f\u0085\u009b"))
                .isEqualTo("a\\u000d\\u000ab\\u0009c\\u001b[31m\\u0000\\u007f\\u0085\\u009b");
        assertThat(VisibleText.of("\u2028\u2029")).isEqualTo("\\u2028\\u2029");
    }

    @Test
    void whatTurnsTheDirectionOfWritingIsWrittenOut() {
        assertThat(VisibleText.of("\u202etxt.exe\u202c\u2066\u2069")).isEqualTo("\\u202etxt.exe\\u202c\\u2066\\u2069");
    }
}
