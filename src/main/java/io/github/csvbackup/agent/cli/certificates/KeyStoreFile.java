package io.github.csvbackup.agent.cli.certificates;

import java.nio.file.Path;

/** A PKCS #12 file with one key, and the file with its password. */
record KeyStoreFile(Path file, Path passwordFile) {
    static final String ALIAS = "agent";

    /** The files with this name in a folder. */
    static KeyStoreFile in(Path folder, String name) {
        return new KeyStoreFile(folder.resolve(name), folder.resolve(name + ".password"));
    }
}
