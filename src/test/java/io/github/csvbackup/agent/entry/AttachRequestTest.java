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
        Path file = Files.createFile(folder.resolve("answer \u00fc%"));
        AttachRequest request = AttachRequest.parse("@answer=" + file.toUri().toASCIIString() + "\nport=0");
        request.answer(new AttachResult(false, "no"));
        assertThat(request.arguments()).isEqualTo("port=0");
        assertThat(file).hasContent("failed no");
    }

    @Test
    void makesNoFileThatTheAskerDidNotMake() {
        Path file = folder.resolve("absent");
        AttachRequest.parse("@answer=" + file.toUri() + "\ndetach").answer(new AttachResult(true, "gone"));
        assertThat(file).doesNotExist();
    }

    @Test
    void anAddressThatIsNoneDoesNotThrow() {
        AttachRequest.parse("@answer=not an address\ndetach").answer(new AttachResult(true, "gone"));
        AttachRequest.parse("@answer=http://localhost/\ndetach").answer(new AttachResult(true, "gone"));
    }

    @Test
    void takesPlainArgumentsFromOtherTools() {
        assertThat(AttachRequest.parse("port=0")).isEqualTo(new AttachRequest(null, null, null, "port=0"));
        assertThat(AttachRequest.parse("detach").isDetach()).isTrue();
        assertThat(AttachRequest.parse("")).isEqualTo(new AttachRequest(null, null, null, ""));
        assertThat(AttachRequest.parse("@only").arguments()).isEqualTo("@only");
    }

    @Test
    void ignoresLinesOfNewerVersions() {
        assertThat(AttachRequest.parse("@new=1\n@jar=file:///b.jar\n@newer\n@version=2.0.0\n\nport=0"))
                .isEqualTo(new AttachRequest(null, "file:///b.jar", "2.0.0", "\nport=0"));
        assertThat(AttachRequest.parse("@new=1\n@version=2.0.0\ndetach").isDetach())
                .isTrue();
    }
}
