package io.github.csvbackup.state;

import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.json.JsonException;
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
 * A file of JSON lines that is replaced atomically: the new content is written to a second file, flushed, and moved over the old one. Its last
 * line holds the SHA-256 of all lines before it. A damaged file is set aside and nothing in it is used.
 */
public final class StateFile {
    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
    private static final String SUM = "{\"sha256\":\"";
    /** A thousand volumes need less than 1 MB. Parsing needs several times the size, and a host may have a small heap. */
    private static final int LARGEST =
            (int) Math.min(16 << 20, Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 64));

    private final Path file;
    private final Clock clock;
    private final FileAttribute<?>[] ofNewFile;

    /** @param ofNewFile access rights of the file */
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

    /** Sets the file aside, because its content cannot be trusted. */
    public void setAside(String why) {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged-"
                + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(clock.instant()));
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn("{} is damaged ({}) and was set aside as {}; times and counters start again", file, why, aside);
        } catch (IOException e) {
            LOG.warn("{} is damaged ({}) and could not be set aside: {}", file, why, e.getMessage());
        }
    }

    private static List<StateLine> parse(String text) throws JsonException {
        int sum = text.lastIndexOf(SUM);
        if (sum < 0 || !text.endsWith("\n")) {
            throw new IllegalArgumentException("it is not complete");
        }
        String body = text.substring(0, sum);
        if (!text.substring(sum).equals(sumLine(body))) {
            throw new IllegalArgumentException("its checksum does not match");
        }
        List<StateLine> lines = new ArrayList<>();
        for (String line : body.lines().toList()) {
            lines.add(StateLine.parse(line));
        }
        return lines;
    }

    /**
     * Replaces all lines.
     *
     * @throws IOException with a message for users, if that fails; the old file stays as it is
     */
    public void save(List<StateLine> lines) throws IOException {
        StringBuilder body = new StringBuilder();
        lines.forEach(line -> body.append(line.json()).append('\n'));
        String text = body + sumLine(body.toString());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (RandomAccessFile out = trusted(fresh).open(ofNewFile)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.getFD().sync();
        }
        Replacement.move(fresh, file);
    }

    private static String sumLine(String body) {
        return SUM + hash(body) + "\"}\n";
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
