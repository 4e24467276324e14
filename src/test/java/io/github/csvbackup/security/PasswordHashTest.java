package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    /** Made by Python's hashlib.pbkdf2_hmac. */
    private static final String ELSEWHERE =
            "pbkdf2-sha256:20000:MDEyMzQ1Njc4OWFiY2RlZg==:VoRrc+b9CA/Rp7GqaSQdjE6noBqqMmrPTs8kzSJEfmI=";

    @Test
    void isTheStandardsFunction() {
        PasswordHash hash = PasswordHash.parse(ELSEWHERE);

        assertThat(hash.matches("Gr\u00fcne Welle 7!".toCharArray())).isTrue();
        assertThat(hash.matches("Gr\u00fcne Welle 7?".toCharArray())).isFalse();
        assertThat(hash).hasToString(ELSEWHERE);
    }

    @Test
    void isNeverTheSameTwice() {
        PasswordHash one = PasswordHash.of("correct horse".toCharArray());
        PasswordHash other = PasswordHash.of("correct horse".toCharArray());

        assertThat(one.toString()).isNotEqualTo(other.toString()).startsWith("pbkdf2-sha256:600000:");
        assertThat(PasswordHash.parse(one.toString()).matches("correct horse".toCharArray()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "md5:1:a:b",
                "pbkdf2-sha256:x:MDEyMzQ1Njc=:MDEyMzQ1Njc=",
                "pbkdf2-sha256:20000:***:MDEyMzQ1Njc=",
                "pbkdf2-sha256:1:MDEyMzQ1Njc=:MDEyMzQ1Njc=",
                "pbkdf2-sha256:2000000000:MDEyMzQ1Njc=:MDEyMzQ1Njc=",
                "pbkdf2-sha256:20000:MDEyMzQ1Njc=:MDEyMzQ1Njc="
            })
    void anythingElseIsSaidToBeWrong(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.parse(text))
                .withMessageContaining("the password");
    }
}
