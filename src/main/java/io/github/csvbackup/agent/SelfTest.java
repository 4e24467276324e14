package io.github.csvbackup.agent;

import io.github.csvbackup.cluster.Finding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the running agent finds when it checks itself, its machine and its cluster. One runs at a time: whoever asks meanwhile gets the same
 * result. Thread-safe.
 */
final class SelfTest implements Supplier<List<Finding>> {
    private final Supplier<Supplier<List<Finding>>> newChecks;
    private @Nullable Supplier<List<Finding>> checks;
    private @Nullable CompletableFuture<List<Finding>> running;

    /** @param newChecks creates the checks at the first use; they remember calls that hang */
    SelfTest(Supplier<Supplier<List<Finding>>> newChecks) {
        this.newChecks = newChecks;
    }

    /** Blocks for a few deadlines at most. */
    @Override
    public List<Finding> get() {
        CompletableFuture<List<Finding>> own = new CompletableFuture<>();
        CompletableFuture<List<Finding>> other;
        Supplier<List<Finding>> made;
        synchronized (this) {
            made = checks == null ? newChecks.get() : checks;
            checks = made;
            other = running;
            if (other == null) {
                running = own;
            }
        }
        return other == null ? run(made, own) : await(other);
    }

    private List<Finding> run(Supplier<List<Finding>> made, CompletableFuture<List<Finding>> own) {
        try {
            List<Finding> findings = made.get();
            own.complete(findings);
            return findings;
        } catch (Throwable e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            synchronized (this) {
                running = null;
            }
        }
    }

    private static List<Finding> await(CompletableFuture<List<Finding>> other) {
        try {
            return other.join();
        } catch (CompletionException e) {
            throw new IllegalStateException("The self test that another client started failed: " + e.getCause(), e);
        }
    }
}
