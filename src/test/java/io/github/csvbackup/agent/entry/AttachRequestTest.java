package io.github.csvbackup.agent.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachRequestTest {
    @TempDir
    Path folder;

    @Test
    void answersIntoTheAskersFile() throws IOException {
        Path file = Files.createFile(folder.resolve("answer"));
        AttachRequest request = AttachRequest.parse("@" + file + "\nport=0");
        request.answer(new AttachResult(false, "no"));
        assertThat(request.arguments()).isEqualTo("port=0");
        assertThat(file).hasContent("failed no");
    }

    @Test
    void makesNoFileThatTheAskerDidNotMake() {
        Path file = folder.resolve("absent");
        AttachRequest.parse("@" + file + "\ndetach").answer(new AttachResult(true, "gone"));
        assertThat(file).doesNotExist();
    }

    @Test
    void takesPlainArgumentsFromOtherTools() {
        assertThat(AttachRequest.parse("port=0").arguments()).isEqualTo("port=0");
        assertThat(AttachRequest.parse("detach").isDetach()).isTrue();
    }
}
