package io.github.csvbackup.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Win32ErrorTest {
    @Test
    void everyRemedyIsASentenceForAnAdministrator() {
        assertThat(Win32Error.all())
                .hasSizeGreaterThan(100)
                .allSatisfy(error -> assertThat(error.remedy())
                        .as(error.symbol())
                        .matches("[A-Z].{18,}[.]")
                        .doesNotContain("→", "⇒", " hex ", "HRESOURCE", "UnsatisfiedLinkError", "hHostNode"));
    }

    @Test
    void everyRowHasASymbolAndTheSystemsText() {
        assertThat(Win32Error.all()).allSatisfy(error -> {
            assertThat(error.symbol()).matches("(ERROR|RPC|EPT|WAIT)_[A-Z0-9_]+");
            assertThat(error.text()).isNotBlank();
            assertThat(error.toString()).startsWith(error.symbol() + " (" + error.code() + "): ");
        });
    }

    @Test
    void saysWhereToLookUpACodeThatTheTableLacks() {
        Win32Error error = Win32Error.of(424_242);

        assertThat(error.listed()).isFalse();
        assertThat(error).hasToString("Win32 error 424242, which the agent's table does not list");
        assertThat(error.remedy()).isEqualTo("Look the code up with: net helpmsg 424242.");
    }
}
