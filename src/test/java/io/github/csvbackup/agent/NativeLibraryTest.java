package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.state.StateDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    @TempDir
    Path folder;

    private StateDirectory stateDirectory;

    @BeforeEach
    void open() throws IOException {
        stateDirectory = StateDirectory.open(folder.resolve("s"), Clock.systemUTC());
    }

    @AfterEach
    void close() throws IOException {
        stateDirectory.close();
    }

    @Test
    void neverUnpacksToTheSameNameTwice() throws IOException, URISyntaxException {
        NativeLibrary.unpackInto(stateDirectory);
        URL first = unpack();
        assertThat(Path.of(first.toURI()))
                .hasContent("library")
                .hasParentRaw(stateDirectory.path().resolve("native"));
        assertThat(unpack()).isNotEqualTo(first);
    }

    @Test
    void removesTheCopiesOfAgentsThatEnded() throws IOException, URISyntaxException {
        NativeLibrary.unpackInto(stateDirectory);
        Path old = Path.of(unpack().toURI());
        Path foreign = Files.createFile(stateDirectory.path().resolve("native").resolve("other.txt"));
        NativeLibrary.unpackInto(stateDirectory);
        assertThat(old).doesNotExist();
        assertThat(foreign).exists();
    }

    private static URL unpack() throws IOException {
        return NativeLibrary.unpack(
                "jnidispatch.dll", new ByteArrayInputStream("library".getBytes(StandardCharsets.UTF_8)));
    }
}
