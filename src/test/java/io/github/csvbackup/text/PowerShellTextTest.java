package io.github.csvbackup.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PowerShellTextTest {
    @Test
    void aPlainTextIsQuoted() {
        assertThat(PowerShellText.quoted("C:\\ClusterStorage\\$(x) `a` \"b\""))
                .isEqualTo("'C:\\ClusterStorage\\$(x) `a` \"b\"'");
    }

    @Test
    void eachCharacterThatPowerShellTakesAsASingleQuoteIsDoubled() {
        assertThat(PowerShellText.quoted("a'b\u2018c\u2019d\u201ae\u201bf"))
                .isEqualTo("'a''b\u2018\u2018c\u2019\u2019d\u201a\u201ae\u201b\u201bf'");
    }

    @Test
    void itStaysOnOneLine() {
        assertThat(PowerShellText.quoted("a\r\nb\u202e")).isEqualTo("'a\\u000d\\u000ab\\u202e'");
    }
}
