package io.github.csvbackup.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final long MB = 1024 * 1024;

    @Test
    void aSmallHostGivesLittle() {
        assertThat(Limits.of(64 * MB, Long.MAX_VALUE, false, 1).connections()).isEqualTo(512);
        assertThat(Limits.of(64 * MB, Long.MAX_VALUE, true, 1).connections()).isEqualTo(64);
        assertThat(Limits.of(64 * MB, Long.MAX_VALUE, true, 1).connectionsPerAddress())
                .isEqualTo(32);
        assertThat(Limits.of(8192 * MB, Long.MAX_VALUE, true, 1).connections()).isEqualTo(1024);
        assertThat(Limits.of(8192 * MB, 256, false, 1).connections()).isEqualTo(64);
        assertThat(Limits.of(MB, 8, true, 1).connections()).isEqualTo(16);
    }

    /** The agents of 63 other nodes keep a connection each, beside Prometheus and users. */
    @Test
    void theHeapOfTheServiceIsEnoughForTheAgentsOfTheLargestCluster() {
        assertThat(Limits.of(123 * MB, Long.MAX_VALUE, true, 2).connections()).isGreaterThanOrEqualTo(63 + 16);
        assertThat(Limits.of(123 * MB, Long.MAX_VALUE, false, 2).connections()).isGreaterThanOrEqualTo(63 + 16);
        assertThat(Limits.of(8192 * MB, 4096, true, 2).connections()).isEqualTo(512);
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
