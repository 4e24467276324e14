package io.github.csvbackup;

import io.github.csvbackup.agent.PackagedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The zip that mvn package makes, unzipped. */
final class UnzippedRelease {
    private UnzippedRelease() {}

    /** The one folder that the zip has. */
    static Path in(Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(PackagedJar.release().toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.write(file, zip.getInputStream(entry).readAllBytes());
            }
        }
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> top = all.toList();
            if (top.size() != 1) {
                throw new AssertionError("The zip has more than one folder: " + top);
            }
            return top.get(0);
        }
    }

    /** All files of a folder, by their paths below it, with slashes. */
    static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
