package io.github.csvbackup.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DaemonThreadTest {
    private static final InheritableThreadLocal<String> OF_THE_HOST = new InheritableThreadLocal<>();

    /** The properties of a thread. */
    private record Found(Thread thread, String inherited, ClassLoader loader) {
        static Found here() {
            Thread here = Thread.currentThread();
            return new Found(here, OF_THE_HOST.get(), here.getContextClassLoader());
        }
    }

    @Test
    void inheritsNothingFromAThreadOfTheHost() throws Exception {
        CompletableFuture<Found> ours = new CompletableFuture<>();
        CompletableFuture<Found> theirs = new CompletableFuture<>();
        try (URLClassLoader loader = new URLClassLoader(new URL[0])) {
            Thread host = new Thread(() -> {
                OF_THE_HOST.set("the host's");
                DaemonThread.named("csv-backup-test", () -> ours.complete(Found.here()))
                        .start();
                new Thread(() -> theirs.complete(Found.here())).start();
            });
            host.setContextClassLoader(loader);
            host.start();

            Found found = ours.get(1, TimeUnit.MINUTES);

            assertThat(found.inherited()).isNull();
            assertThat(found.loader()).isSameAs(DaemonThread.class.getClassLoader());
            assertThat(found.thread().isDaemon()).isTrue();
            assertThat(found.thread().getName()).isEqualTo("csv-backup-test");
            Found other = theirs.get(1, TimeUnit.MINUTES);
            assertThat(other.inherited()).as("inherited by an ordinary thread").isEqualTo("the host's");
            assertThat(other.loader()).isSameAs(loader);
        }
    }
}
