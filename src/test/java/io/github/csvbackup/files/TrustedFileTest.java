package io.github.csvbackup.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.files.TrustedFile.Privacy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisabledOnOs(OS.WINDOWS)
class TrustedFileTest {
    private static final String STAYS = "a text that must stay";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = PrivateFile.write(folder.resolve("it"), STAYS);
    }

    private TrustedFile trusted(Privacy privacy) throws IOException {
        return TrustedFile.of(file, "The file " + file, privacy);
    }

    private void mode(String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    /** Each way to open a file checks it and leaves it unchanged. */
    enum Way {
        CHECK,
        READ,
        TEXT,
        CHANNEL,
        RANDOM_ACCESS;

        void open(TrustedFile file) throws IOException {
            switch (this) {
                case CHECK -> file.check();
                case READ -> file.read(1000);
                case TEXT -> file.text();
                case CHANNEL -> file.openChannel().close();
                case RANDOM_ACCESS -> file.open().close();
                default -> throw new IllegalStateException();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anOwnFileIsOpened(Way way) throws Exception {
        way.open(trusted(Privacy.SECRET));

        assertThat(file).hasContent(STAYS);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aLinkIsNotFollowed(Way way) throws Exception {
        Path real = file;
        file = Files.createSymbolicLink(folder.resolve("link"), real);

        assertRefused(way, Privacy.READABLE, "is a link, whose target can change. Use the real file instead.");
        Files.delete(real);
        assertRefused(way, Privacy.READABLE, "is a link");
        assertThat(real).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aSecondNameOfAForeignFileIsRefused(Way way) throws Exception {
        Path foreign = file;
        file = Files.createLink(folder.resolve("second"), foreign);

        assertRefused(
                way,
                Privacy.READABLE,
                "has 2 names (hard links), so it can also be changed elsewhere. Move it away with: mv '" + file + "' '"
                        + file + ".old' and create a new one.");
        assertThat(foreign).hasContent(STAYS);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatIsNotARegularFileIsRefused(Way way) throws Exception {
        file = Files.createDirectory(folder.resolve("directory"));
        assertRefused(way, Privacy.READABLE, "is not a regular file. Move it away or choose another file.");

        // Opening a pipe would block until a program writes to it.
        file = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        assertRefused(way, Privacy.READABLE, "is not a regular file.");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatOthersCanChangeIsRefused(Way way) throws Exception {
        for (String mode : new String[] {"rw--w----", "rw-----w-", "rw-rw-rw-"}) {
            mode(mode);
            assertRefused(
                    way,
                    Privacy.READABLE,
                    "can be changed by others. Check its content, then restrict access with: chmod go= '" + file + "'");
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aSecretThatOthersCanReadIsRefused(Way way) throws Exception {
        for (String mode : new String[] {"rw-r-----", "rw----r--"}) {
            mode(mode);
            way.open(trusted(Privacy.READABLE));
            assertRefused(way, Privacy.SECRET, "can be read by others. Restrict access with: chmod go= '" + file + "'");
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFileOfSomebodyElseIsRefused(Way way) throws Exception {
        String me = Files.getOwner(file).getName();

        assertThatThrownBy(() -> way.open(TrustedFile.of(file, "The file", Privacy.READABLE, OtherAccount.rights())))
                .isInstanceOf(FileRefusedException.class)
                .hasMessage("The file belongs to " + me + ", not to the account that runs the agent, "
                        + OtherAccount.NAME + ". Its owner chose its content. Move it away with: mv '" + file
                        + "' '" + file + ".old' and create a new one.");
    }

    /** In such a directory, others could replace the file between the check and the opening. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void aDirectoryInWhichOthersCanRenameFilesIsRefused(Way way) throws Exception {
        Path open = Files.createDirectory(folder.resolve("open"));
        file = Files.move(file, open.resolve("it"));
        for (String mode : new String[] {"rwxrwx---", "rwx---rwx"}) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
            assertRefused(way, Privacy.READABLE, "can be replaced by others, who can rename files in its directory.");
        }
        // Like /tmp: only the owner of a file can rename it.
        assertThat(new ProcessBuilder("chmod", "1777", open.toString()).start().waitFor())
                .isZero();
        way.open(trusted(Privacy.SECRET));
    }

    private void assertRefused(Way way, Privacy privacy, String sentence) throws IOException {
        TrustedFile trusted = trusted(privacy);
        assertThatThrownBy(() -> way.open(trusted))
                .isInstanceOf(FileRefusedException.class)
                .hasMessageStartingWith("The file " + file + " ")
                .hasMessageContaining(sentence);
    }

    /** The opened file is the one that was checked. */
    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"READ", "CHANNEL", "RANDOM_ACCESS"})
    void aFileThatIsReplacedInBetweenIsRefused(Way way) throws Exception {
        Path other = PrivateFile.write(folder.resolve("other"), "another text");
        FileRights own = FileRights.of(file);
        TrustedFile swapped = TrustedFile.of(
                file,
                "The file",
                Privacy.SECRET,
                new RightsWithMoment(own, () -> Files.move(other, file, StandardCopyOption.REPLACE_EXISTING)));

        assertThatThrownBy(() -> way.open(swapped))
                .isInstanceOf(FileRefusedException.class)
                .hasMessage("The file was replaced by another file while it was being opened. Try again.");
        assertThat(file).hasContent("another text");
    }

    @Test
    void aMissingFileIsMadeForItsOwnerAlone() throws Exception {
        FileRights rights = FileRights.of(file);
        file = folder.resolve("new");
        try (FileChannel channel = trusted(Privacy.SECRET).openChannel(rights.ofNewFile())) {
            channel.write(ByteBuffer.wrap(new byte[] {'a'}));
        }
        try (RandomAccessFile opened = trusted(Privacy.SECRET).open(rights.ofNewFile())) {
            assertThat(opened.read()).isEqualTo('a');
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsMissingOrLargeIsSaid() throws Exception {
        assertThatThrownBy(() -> trusted(Privacy.SECRET).read(3))
                .isInstanceOf(FileRefusedException.class)
                .hasMessage("The file " + file + " is larger than 3 bytes. Check that it is the right file.");
        Files.delete(file);
        assertThatThrownBy(() -> trusted(Privacy.SECRET).read(3)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> trusted(Privacy.SECRET).text())
                .isInstanceOf(FileRefusedException.class)
                .hasMessage("The file " + file + " does not exist.");
    }
}
