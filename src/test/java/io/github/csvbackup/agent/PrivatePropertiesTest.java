package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrivatePropertiesTest {
    @Test
    void keepsALibrarysSettingsFromTheHost() {
        assertThat(PrivateProperties.setProperty("jna.test", "true")).isNull();
        assertThat(PrivateProperties.getBoolean("jna.test")).isTrue();
        assertThat(PrivateProperties.getProperty("jna.other", "default")).isEqualTo("default");
        assertThat(System.getProperty("jna.test")).isNull();
    }

    @Test
    void tellsTheFactsAboutTheJvm() {
        assertThat(PrivateProperties.getProperty("os.name")).isEqualTo(System.getProperty("os.name"));
    }
}
