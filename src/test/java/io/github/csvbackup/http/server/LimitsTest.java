package io.github.csvbackup.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final long MB = 1024 * 1024;

    @Test
    void aSmallHostGivesLittle() {
        assertThat(Limits.of(64 * MB, Long.MAX_VALUE, false).connections()).isEqualTo(512);
        assertThat(Limits.of(64 * MB, Long.MAX_VALUE, true).connections()).isEqualTo(64);
        assertThat(Limits.of(64 * MB, Long.MAX_VALUE, true).connectionsPerAddress())
                .isEqualTo(32);
        assertThat(Limits.of(8192 * MB, Long.MAX_VALUE, true).connections()).isEqualTo(1024);
        assertThat(Limits.of(8192 * MB, 256, false).connections()).isEqualTo(64);
        assertThat(Limits.of(MB, 8, true).connections()).isEqualTo(16);
    }

    @Test
    void twoServersShareThem() {
        Limits alone = Limits.ofThisJvm(false, 1);
        Limits shared = Limits.ofThisJvm(false, 2);

        assertThat(shared.heldBytes()).isEqualTo(alone.heldBytes() / 2);
        assertThat(shared.connections()).isLessThanOrEqualTo(alone.connections());
        assertThat(shared.largestBody()).isEqualTo(alone.largestBody());
    }
}
