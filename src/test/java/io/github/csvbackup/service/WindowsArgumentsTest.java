package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowsArgumentsTest {
    /** The examples of Microsoft's "Parsing C command-line arguments", without those that double quotation marks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "p \"abc\" d e; abc|d|e",
                "p \"a b c\" d; a b c|d",
                "p \"ab\\\"c\" \"\\\\\" d; ab\"c|\\|d",
                "p a\\\\\\b d\"e f\"g h; a\\\\\\b|de fg|h",
                "p a\\\\\\\"b c d; a\\\"b|c|d",
                "p a\\\\\\\\\"b c\" d e; a\\\\b c|d|e",
                "p \"C:\\a b\\\\\" --x; C:\\a b\\|--x"
            })
    void splitsAsWindowsDoes(String line, String expected) {
        List<String> arguments = WindowsArguments.split(line);

        assertThat(String.join("|", arguments.subList(1, arguments.size()))).isEqualTo(expected);
    }

    @Test
    void aBackslashInTheProgramIsNeverSpecial() {
        assertThat(WindowsArguments.split("\"C:\\a b\\\" x")).containsExactly("C:\\a b\\", "x");
        assertThat(WindowsArguments.split("C:\\a\\b.exe  x\ty ")).containsExactly("C:\\a\\b.exe", "x", "y");
        assertThat(WindowsArguments.split("\"C:\\a b")).containsExactly("C:\\a b");
    }

    @Test
    void quotesOnlyWhatNeedsIt() {
        assertThat(WindowsArguments.join(List.of("--port=8778", "C:\\data\\x", "a b", "", "a*", "x\"y", "c d\\")))
                .isEqualTo("--port=8778 C:\\data\\x \"a b\" \"\" \"a*\" \"x\\\"y\" \"c d\\\\\"");
    }

    /** Whatever the arguments are, what comes out is what went in. */
    @Test
    void anyArgumentsArriveUnchanged() {
        Random random = new Random(20);
        for (int round = 0; round < 20_000; round++) {
            List<String> arguments = new ArrayList<>(List.of("program"));
            for (int count = random.nextInt(5); count > 0; count--) {
                arguments.add(randomText(random));
            }

            String line = WindowsArguments.join(arguments);

            assertThat(WindowsArguments.split(line)).as("%s", line).isEqualTo(arguments);
        }
    }

    static String randomText(Random random) {
        String characters = "\\\\\\\"\" \tab-=*?'^&|<>%@;,\u00e4\u4e16";
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(9); length > 0; length--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }
}
