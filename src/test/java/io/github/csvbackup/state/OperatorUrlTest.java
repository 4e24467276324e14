package io.github.csvbackup.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The file with the only address to which clients may send the operator's token. */
@DisabledOnOs(OS.WINDOWS)
class OperatorUrlTest {
    private static final String PLANTED = "PlantedPlantedPlantedPlantedPlantedPlantedP";
    private static final String URL = "http://127.0.0.1:8778/";

    @TempDir
    Path folder;

    private StateDirectory directory;
    private Path file;
    private Path urlFile;

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(folder.resolve("s"), Clock.systemUTC());
        file = directory.path().resolve("operator.token");
        urlFile = directory.path().resolve("operator.url");
    }

    @AfterEach
    void close() throws Exception {
        directory.close();
    }

    @Test
    void theAddressIsBesideItForItsOwnerAloneUntilTheEnd() throws Exception {
        OperatorToken token = OperatorToken.create(directory);
        token.publish(URL);
        assertThat(urlFile).hasContent(URL);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(urlFile)))
                .isEqualTo("rw-------");

        Files.delete(file);
        Files.delete(urlFile);
        token.check();
        assertThat(urlFile).hasContent(URL);

        token.close();
        assertThat(urlFile).doesNotExist();
    }

    /** Otherwise clients would send the new token to the address of an agent that was killed, where another program may listen now. */
    @Test
    void noNewTokenIsEverBesideAnOldAddress() throws Exception {
        Files.writeString(file, PLANTED + "\n");
        Files.createDirectory(urlFile);

        assertThatThrownBy(() -> OperatorToken.create(directory).publish(URL))
                .isInstanceOf(StateException.class)
                .hasMessage("The address file " + urlFile
                        + " cannot be written: a directory is in its place; move it away.");
        assertThat(file).hasContent(PLANTED);
    }

    @Test
    void withoutAnAddressThereIsNoFile() throws Exception {
        OperatorToken token = OperatorToken.create(directory);
        String first = token.token();

        token.check();
        token.close();

        assertThat(token.token()).isEqualTo(first);
        assertThat(file).doesNotExist();
        assertThat(urlFile).doesNotExist();
    }
}
