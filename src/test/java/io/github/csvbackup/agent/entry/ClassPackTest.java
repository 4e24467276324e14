package io.github.csvbackup.agent.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPackTest {
    private static final Map<String, byte[]> CLASSES = Map.of(
            "a.One", "the first class".getBytes(StandardCharsets.US_ASCII),
            "a.Two", new byte[100_000],
            "b.Three$4", "x".getBytes(StandardCharsets.US_ASCII),
            "c.Stored", "this class is not deflated".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    Path folder;

    private static byte[] pack(int sizeIsWrongBy) throws IOException {
        TreeMap<Long, byte[]> bodies = new TreeMap<>();
        for (var each : CLASSES.entrySet()) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            new DataOutputStream(body).writeInt(each.getValue().length + sizeIsWrongBy);
            try (OutputStream out =
                    each.getKey().equals("c.Stored") ? body : new DeflaterOutputStream(body, new Deflater(9, true))) {
                out.write(each.getValue());
            }
            bodies.put(ClassPack.key(each.getKey()), body.toByteArray());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(bodies.size());
        for (long key : bodies.keySet()) {
            out.writeLong(key);
        }
        int begin = 0;
        for (byte[] body : bodies.values()) {
            out.writeInt(begin);
            begin += body.length;
        }
        out.writeInt(begin);
        for (byte[] body : bodies.values()) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    private JarFile jar(String entry, byte[] content, int method) throws IOException {
        Path path = Files.createTempFile(folder, "agent", ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
            ZipEntry made = new ZipEntry(entry);
            made.setMethod(method);
            CRC32 crc = new CRC32();
            crc.update(content);
            made.setSize(content.length);
            made.setCrc(crc.getValue());
            zip.putNextEntry(made);
            zip.write(content);
        }
        return new JarFile(path.toFile());
    }

    @Test
    void aJarThatWasPackedAgainIsSaid() throws Exception {
        try (JarFile jar = jar(ClassPack.ENTRY, pack(0), ZipEntry.DEFLATED)) {
            assertThatThrownBy(() -> new ClassPack(jar))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the agent's jar was packed again, and its entry isolated/classes compressed;"
                            + " use the original");
        }
    }

    @Test
    void findsEachClass() throws Exception {
        try (JarFile jar = jar(ClassPack.ENTRY, pack(0), ZipEntry.STORED)) {
            ClassPack classes = new ClassPack(jar);
            for (var each : CLASSES.entrySet()) {
                assertThat(classes.find(each.getKey())).as(each.getKey()).isEqualTo(each.getValue());
            }
            assertThat(classes.find("a.Three")).isNull();
            assertThat(classes.find("java.lang.String")).isNull();
        }
    }

    @Test
    void aJarWithoutClassesIsSaid() throws Exception {
        try (JarFile jar = jar("other", new byte[0], ZipEntry.STORED)) {
            assertThatThrownBy(() -> new ClassPack(jar))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "the agent's jar " + jar.getName() + " has no isolated/classes: it is not complete, or of a"
                                    + " version that does not fit the classes which this JVM loaded of another version; start this"
                                    + " JVM again");
        }
    }

    @Test
    void aDamagedIndexIsSaid() throws Exception {
        for (int length : new int[] {0, 3, 4, 20, 30, 43}) {
            try (JarFile jar = jar(ClassPack.ENTRY, Arrays.copyOf(pack(0), length), ZipEntry.STORED)) {
                assertThatThrownBy(() -> new ClassPack(jar))
                        .as("%s bytes", length)
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("the agent's jar is damaged, in its entry isolated/classes: it");
            }
        }
    }

    /** It must not take the memory of the host. */
    @Test
    void anIndexThatCannotBeTrueIsSaid() throws Exception {
        for (byte first : new byte[] {(byte) 0x80, 0x7f, 0x10}) {
            byte[] wrong = pack(0);
            wrong[0] = first;
            try (JarFile jar = jar(ClassPack.ENTRY, wrong, ZipEntry.STORED)) {
                assertThatThrownBy(() -> new ClassPack(jar))
                        .isInstanceOf(IOException.class)
                        .hasMessageEndingWith("its index is longer than the entry");
            }
        }
    }

    @Test
    void aDamagedClassIsSaid() throws Exception {
        byte[] all = pack(0);
        int count = CLASSES.size();
        int index = 4 + count * 8 + (count + 1) * 4;
        assertThat(failures(Arrays.copyOf(all, index + 6))).contains("it ends too early");
        byte[] unclear = all.clone();
        Arrays.fill(unclear, index + 4, all.length, (byte) -1);
        assertThat(failures(unclear))
                .containsAnyOf("a.One cannot be read", "a.Two cannot be read", "b.Three$4 cannot be read");
        assertThat(failures(unclear)).anyMatch(failure -> failure.endsWith(" has a size that cannot be"));
        assertThat(failures(pack(1))).contains("a.One is not complete", "b.Three$4 is not complete");
    }

    private List<String> failures(byte[] content) throws IOException {
        List<String> failures = new ArrayList<>();
        try (JarFile jar = jar(ClassPack.ENTRY, content, ZipEntry.STORED)) {
            ClassPack classes = new ClassPack(jar);
            for (String name : CLASSES.keySet()) {
                try {
                    classes.find(name);
                } catch (IOException e) {
                    failures.add(
                            e.getMessage().replace("the agent's jar is damaged, in its entry isolated/classes: ", ""));
                }
            }
        }
        return failures;
    }

    @Test
    void aClosedJarIsLeftToTheCaller() throws Exception {
        JarFile jar = jar(ClassPack.ENTRY, pack(0), ZipEntry.STORED);
        ClassPack classes = new ClassPack(jar);
        jar.close();
        assertThatThrownBy(() -> classes.find("a.One")).isInstanceOf(IllegalStateException.class);
        assertThat(classes.find("a.Zero")).isNull();
    }
}
