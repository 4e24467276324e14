package io.github.csvbackup.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A copy of the packaged jar that claims to be of another version. */
final class OtherVersion {
    private OtherVersion() {}

    static Path write(Path to, String version) throws IOException {
        return write(to, version, "");
    }

    /** @param without the entry that the copy does not have */
    static Path write(Path to, String version, String without) throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile());
                OutputStream file = Files.newOutputStream(to);
                ZipOutputStream copy = new ZipOutputStream(file)) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (!entry.getName().equals(without)) {
                    byte[] content = entry.getName().equals(JarFile.MANIFEST_NAME)
                            ? manifest(jar.getManifest(), version)
                            : content(jar, entry);
                    copy.putNextEntry(like(entry));
                    copy.write(content);
                    copy.closeEntry();
                }
            }
        }
        return to;
    }

    /** Compressed only if the original is. */
    private static ZipEntry like(JarEntry entry) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setMethod(entry.getMethod());
        if (entry.getMethod() == ZipEntry.STORED) {
            copy.setSize(entry.getSize());
            copy.setCrc(entry.getCrc());
        }
        return copy;
    }

    private static byte[] content(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static byte[] manifest(Manifest manifest, String version) throws IOException {
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        return bytes.toByteArray();
    }
}
