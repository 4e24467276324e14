package io.github.csvbackup.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SeedTest {
    @Test
    void withoutAPropertyTheSeedIsFixed() {
        assertThat(Seed.chosenBy(null)).isEqualTo(Seed.FIXED);
    }

    @Test
    void aNumberIsTheSeed() {
        assertThat(Seed.chosenBy("-7")).isEqualTo(-7);
    }

    @Test
    void aRandomSeedIsTheSameForAllTestsOfARun() {
        assertThat(Seed.chosenBy("random")).isEqualTo(Seed.chosenBy("random"));
    }

    @Test
    void anythingElseFailsWithWhatIsAllowed() {
        assertThatThrownBy(() -> Seed.chosenBy("rnd"))
                .hasMessage("-Dcsvbackup.model.seed=rnd: give a whole number of 64 bits, or random.");
    }

    @Test
    void theOptionRepeatsASeed() {
        assertThat(Seed.option(-7)).isEqualTo("-Dcsvbackup.model.seed=-7");
    }
}
