package io.github.csvbackup.security;

import io.github.csvbackup.files.FileRefusedException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A block of a PEM file (RFC 7468). Text between blocks is ignored: openssl writes names there.
 *
 * @param label such as CERTIFICATE
 * @param line the number of its first line in the file
 * @param text the lines between the first and the last
 */
record PemBlock(String label, int line, String text) {
    static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /**
     * The blocks of a file.
     *
     * @param file the start of error messages
     * @throws FileRefusedException if a block has no end
     */
    static List<PemBlock> of(String content, String file) throws FileRefusedException {
        List<PemBlock> blocks = new ArrayList<>();
        List<String> lines = content.lines().map(String::strip).toList();
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (line.startsWith(BEGIN) && line.endsWith(DASHES) && line.length() > BEGIN.length() + DASHES.length()) {
                String label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                int end = lines.subList(at, lines.size()).indexOf(END + label + DASHES);
                if (end < 0) {
                    throw new FileRefusedException(file + " is damaged: its block " + label + " in line " + (at + 1)
                            + " has no end. Copy it again.");
                }
                blocks.add(new PemBlock(label, at + 1, String.join("", lines.subList(at + 1, at + end))));
                at += end;
            }
        }
        return blocks;
    }

    /** The bytes, which are DER in all blocks that the agent reads. */
    byte[] bytes(String file) throws FileRefusedException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw damaged(file, "is not Base64", e);
        }
    }

    FileRefusedException damaged(String file, String problem, Exception e) {
        return new FileRefusedException(
                file + " is damaged: its block " + label + " in line " + line + " " + problem + ". Copy it again.", e);
    }
}
