package io.github.csvbackup.agent.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class HostLoggingTest {
    private static final Instrumentation NOTHING_LOADED = (Instrumentation) Proxy.newProxyInstance(
            HostLoggingTest.class.getClassLoader(), new Class<?>[] {Instrumentation.class}, (proxy, method, args) ->
                    new Class<?>[] {String.class});

    @Test
    void goesOnOnceTheHostsManagerIsLoaded() {
        assertThatCode(() -> HostLogging.await(NOTHING_LOADED, "java.lang.String", 0))
                .doesNotThrowAnyException();
    }

    @Test
    void givesUpOnAManagerThatNeverComes() {
        assertThatThrownBy(() -> HostLogging.await(NOTHING_LOADED, "org.example.Manager", 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("org.example.Manager")
                .hasMessageContaining("attach the agent");
    }

    /** Otherwise each pause would return at once, and the wait would use a processor for a minute. */
    @Test
    void anInterruptOfTheHostDoesNotShortenThePausesThatFollow() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> HostLogging.await(NOTHING_LOADED, "org.example.Manager", 100_000_000))
                .isInstanceOf(IOException.class);

        assertThat(Thread.interrupted()).isFalse();
    }
}
