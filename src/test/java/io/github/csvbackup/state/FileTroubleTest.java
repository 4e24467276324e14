package io.github.csvbackup.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FileTroubleTest {
    @Test
    void saysInWordsWhatTheExceptionsNameSays() {
        assertThat(FileTrouble.of(new AccessDeniedException("/a"))).isEqualTo("access to /a is denied");
        assertThat(FileTrouble.of(new NoSuchFileException("/a"))).isEqualTo("/a does not exist and cannot be created");
        assertThat(FileTrouble.of(new FileAlreadyExistsException("/a"))).isEqualTo("/a exists and is not a directory");
        assertThat(FileTrouble.of(new FileSystemException("/a", null, "No space left on device")))
                .isEqualTo("/a: No space left on device");
        assertThat(FileTrouble.of(new FileSystemLoopException("/a"))).isEqualTo("FileSystemLoopException on /a");
        assertThat(FileTrouble.of(new IOException("Broken pipe"))).isEqualTo("Broken pipe");
    }
}
