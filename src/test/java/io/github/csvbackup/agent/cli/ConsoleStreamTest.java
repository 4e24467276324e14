package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleStreamTest {
    private static final String TEXT = "Gr\u00fc\u00dfe \u65e5\ud83d\udcbe\ud800!";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            US-ASCII     | Gr\\u00fc\\u00dfe \\u65e5\\ud83d\\udcbe\\ud800!
            windows-1252 | Gr\u00fc\u00dfe \\u65e5\\ud83d\\udcbe\\ud800!
            UTF-8        | Gr\u00fc\u00dfe \u65e5\ud83d\udcbe\\ud800!
            """)
    void whatTheCharsetHasNotIsEscapedHoweverItIsPrinted(Charset charset, String expected) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = new ConsoleStream(bytes, charset);

        stream.println(TEXT);
        stream.printf(Locale.ROOT, "%s%n", TEXT);
        stream.append(TEXT).append("x" + TEXT, 1, 1 + TEXT.length());
        stream.print((Object) TEXT);

        String end = System.lineSeparator();
        assertThat(bytes.toString(charset)).isEqualTo(expected + end + expected + end + expected.repeat(3));
    }
}
