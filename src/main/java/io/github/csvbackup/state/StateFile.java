package io.github.csvbackup.state;

import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.text.OutsideText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines that is always whole: it is written beside the old one, flushed to the disk, and put in its place in one step. Its last line
 * carries the SHA-256 of all before it, so that a damaged file is known as one; it is set aside, and nothing of it is believed.
 */
public final class StateFile {
    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
    private static final String FIRST_LINE = "csv-backup-agent state 1";
    private static final String SUM = "sha256\t";
    /** Thousands of volumes need some hundred kB. */
    private static final int LARGEST = 64 * 1024 * 1024;

    private final Path file;
    private final Clock clock;
    private final FileAttribute<?>[] ofNewFile;

    /** @param ofNewFile who may do what with the file */
    public StateFile(Path file, Clock clock, FileAttribute<?>... ofNewFile) {
        this.file = file;
        this.clock = clock;
        this.ofNewFile = ofNewFile.clone();
    }

    /** The file's name without its folder. */
    public String name() {
        return String.valueOf(file.getFileName());
    }

    /** The lines; none if there is no file, or if it is damaged: then it is set aside and the log says so. */
    public List<StateLine> load() {
        try {
            return parse(new String(trusted(file).read(LARGEST), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | IllegalArgumentException e) {
            setAside(String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    private static TrustedFile trusted(Path file) throws IOException {
        return TrustedFile.of(file, "The state file " + file, Privacy.READABLE);
    }

    /** Sets the file aside, since what it says cannot be believed. */
    public void setAside(String why) {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged-"
                + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(clock.instant()));
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn("{} is damaged ({}) and was set aside as {}; times and counters begin anew", file, why, aside);
        } catch (IOException e) {
            LOG.warn("{} is damaged ({}) and could not be set aside: {}", file, why, e.getMessage());
        }
    }

    private static List<StateLine> parse(String text) {
        int sum = text.lastIndexOf(SUM);
        if (!text.startsWith(FIRST_LINE + "\n") || sum < 0 || !text.endsWith("\n")) {
            throw new IllegalArgumentException("it is not whole");
        }
        String body = text.substring(0, sum);
        if (!text.substring(sum).equals(SUM + hash(body) + "\n")) {
            throw new IllegalArgumentException("its checksum does not fit");
        }
        List<StateLine> lines = new ArrayList<>();
        for (String line : body.substring(FIRST_LINE.length() + 1).split("\n", -1)) {
            if (!line.isEmpty()) {
                lines.add(line(line));
            }
        }
        return lines;
    }

    private static StateLine line(String line) {
        String[] cells = line.split("\t", -1);
        List<String> fields = new ArrayList<>();
        for (int i = 1; i < cells.length; i++) {
            fields.add(unescape(cells[i]));
        }
        return new StateLine(cells[0], fields);
    }

    /**
     * Puts the lines in the place of the old ones.
     *
     * @throws IOException with a sentence, if that cannot be done; the old file stays as it is
     */
    public void save(List<StateLine> lines) throws IOException {
        StringBuilder body = new StringBuilder(FIRST_LINE).append('\n');
        for (StateLine line : lines) {
            body.append(line.kind());
            line.fields().forEach(field -> body.append('\t').append(escape(field)));
            body.append('\n');
        }
        String text = body + SUM + hash(body.toString()) + "\n";
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (RandomAccessFile out = trusted(fresh).open(ofNewFile)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.getFD().sync();
        }
        Replacement.move(fresh, file);
    }

    private static String escape(String field) {
        return OutsideText.escapedHalves(field.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r"));
    }

    private static String unescape(String cell) {
        StringBuilder text = new StringBuilder();
        boolean escaped = false;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (escaped && c == 'u' && i + 4 < cell.length()) {
                text.append((char) Integer.parseInt(cell, i + 1, i + 5, 16));
                i += 4;
                escaped = false;
            } else if (escaped) {
                text.append(
                        switch (c) {
                            case 't' -> '\t';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            default -> c;
                        });
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
