package io.github.csvbackup.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutsideTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            000A | line feed
            000D | carriage return
            0009 | tab
            001B | escape
            007F | delete
            009B | control sequence introducer
            0085 | next line
            2028 | line separator
            2029 | paragraph separator
            202E | right-to-left override
            2066 | left-to-right isolate
            200F | right-to-left mark
            FEFF | byte order mark
            D800 | half of a pair
            E000 | private use
            """)
    void whatATerminalObeysIsEscaped(String digits, String name) {
        char c = (char) Integer.parseInt(digits, 16);

        assertThat(OutsideText.printable("a" + c + "b")).as(name).isEqualToIgnoringCase("a\\u" + digits + "b");
    }

    @Test
    void whatPeopleWriteStaysAsItIs() {
        String text = "C:\\ClusterStorage\\Gr\u00fc\u00dfe \u65e5\u672c \ud83d\udcbe it's \"fine\"";

        assertThat(OutsideText.printable(text)).isEqualTo(text);
        assertThat(OutsideText.bounded(text, 1000)).isEqualTo(text);
    }

    @Test
    void halfAPairIsReplacedOrEscapedAndItsNeighboursStay() {
        String text = "a\ud800b\udc00\ud83d\udcbe\ud83d";

        assertThat(OutsideText.wellFormed(text)).isEqualTo("a\ufffdb\ufffd\ud83d\udcbe\ufffd");
        assertThat(OutsideText.escapedHalves(text)).isEqualTo("a\\ud800b\\udc00\ud83d\udcbe\\ud83d");
        assertThat(OutsideText.printable(text)).isEqualTo("a\\ud800b\\udc00\ud83d\udcbe\\ud83d");
        assertThat(OutsideText.wellFormed("plain \ud83d\udcbe")).isEqualTo("plain \ud83d\udcbe");
    }

    @Test
    void aLongTextIsCutAndSaysSo() {
        assertThat(OutsideText.bounded("x".repeat(230_000), 1000))
                .isEqualTo("x".repeat(1000) + "... (230000 characters)");
        assertThat(OutsideText.bounded("a\ud83d\udcbe", 2))
                .as("no unpaired surrogate")
                .isEqualTo("a... (3 characters)");
    }
}
