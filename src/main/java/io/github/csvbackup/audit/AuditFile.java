package io.github.csvbackup.audit;

import io.github.csvbackup.json.Json;
import io.github.csvbackup.text.OutsideText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit as a file of JSON lines. Each line contains a number and the SHA-256 of the line before it (without its line feed), and {@link HeadFile}
 * contains the newest line, so that removed, changed and added lines can be detected. This is checked at the start and before each new line. After a
 * mismatch, the file is set aside, and a new file begins with a line that reports it. Each line is flushed to the disk before {@link #append} returns.
 * A large file is renamed to a name with the number of its last line, and the chain continues in a new file. After any failure, the file is closed, and
 * the next line opens it again, since a handle can become invalid when a share or a disk disappears for a while. Thread-safe.
 */
public final class AuditFile implements Audit, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
    private static final String MESSAGE = "message";

    private final Path folder;
    private final AuditSettings settings;
    private final CurrentFile current;
    private final HeadFile head;
    private AuditTail tail = new AuditTail();
    /** Whether the tail is the content of the files. False at the start, and after a failed line that could not be undone. */
    private boolean tailKnown;
    /** A mismatch that is not written to the audit yet. */
    private @Nullable String unwritten;

    private @Nullable String mismatch;
    private boolean started;
    private boolean closed;
    private volatile AuditStatus status = AuditStatus.NONE;

    private AuditFile(Path folder, AuditSettings settings, RecordOpener opener) {
        this.folder = folder;
        this.settings = settings;
        this.current = new CurrentFile(folder.resolve(RecordFiles.CURRENT), opener);
        this.head = new HeadFile(folder, opener);
    }

    /**
     * Opens the audit of a folder with the default settings, or creates it.
     *
     * @param version the agent's version, which each line contains
     * @param ofNewFile the permissions of new files
     * @throws IOException if it cannot be read and written
     */
    public static AuditFile open(Path folder, String version, FileAttribute<?>... ofNewFile) throws IOException {
        return open(folder, AuditSettings.of(version), RecordOpener.of(ofNewFile));
    }

    /**
     * Opens the audit of a folder, or creates it, and checks its end.
     *
     * @throws IOException if it cannot be read and written
     */
    public static AuditFile open(Path folder, AuditSettings settings, RecordOpener opener) throws IOException {
        AuditFile audit = new AuditFile(folder, settings, opener);
        audit.start();
        return audit;
    }

    private synchronized void start() throws IOException {
        try {
            requireTrusted();
            know();
            if (settings.strict() && mismatch == null) {
                mismatch = tail.unexplained();
            }
        } catch (IOException e) {
            closeAfter(e);
            throw e;
        } finally {
            publish();
        }
        tryToWrite(this::noteMismatch);
    }

    /** The agent relies on all files of the audit, so only it and administrators may be able to write them. */
    private void requireTrusted() throws IOException {
        List<Path> files = new ArrayList<>(RecordFiles.all(folder));
        Path noted = folder.resolve(HeadFile.NAME);
        if (Files.isRegularFile(noted, LinkOption.NOFOLLOW_LINKS)) {
            files.add(noted);
        }
        for (Path file : files) {
            RecordOpener.trusted(file).check();
        }
    }

    /** Writes the start line and deletes old files. A failure is logged. */
    public synchronized void started() {
        started = true;
        tryToWrite(() -> {
            ready();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("strict", settings.strict());
            write(own(AuditKinds.START, "The agent started.", fields));
            retire();
        });
        LOG.info("The agent started; the newest line of the audit is {}", status.newest());
    }

    /** Intents without an outcome, oldest first. The outcome of these clears is unknown. */
    public synchronized List<AuditRecord> unfinished() {
        return tail.unfinished();
    }

    @Override
    public synchronized List<AuditRecord> recent(int most) {
        return tail.recent(most);
    }

    @Override
    public AuditStatus status() {
        return status;
    }

    @Override
    public synchronized void append(AuditLine line) throws IOException {
        if (closed) {
            throw new IOException("the audit is closed");
        }
        writing(() -> {
            ready();
            if (settings.strict() && mismatch != null && line.kind().equals("intent")) {
                throw new AuditMismatchException(mismatch);
            }
            setAsideIfLarge();
            write(line);
        });
    }

    @Override
    public synchronized void expect(Mark noted, String where) throws IOException {
        if (closed || tail.holds(noted) || AuditChain.mayHold(folder, noted)) {
            return;
        }
        writing(() -> {
            ready();
            boolean isRolledBack = noted.number() >= tail.newest().number();
            found(
                    where + " names line " + noted + ", but the audit does not contain it",
                    isRolledBack ? noted : tail.newest());
            noteMismatch();
        });
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    private void writing(Writing writing) throws IOException {
        try {
            writing.run();
        } catch (IOException e) {
            closeAfter(e);
            throw e;
        } finally {
            publish();
        }
    }

    private void tryToWrite(Writing writing) {
        try {
            writing(writing);
        } catch (IOException e) {
            LOG.warn(
                    "Cannot write the audit: {}. Clears are refused until this works again",
                    OutsideText.printable(String.valueOf(e.getMessage())));
        }
    }

    private void publish() {
        status = new AuditStatus(tail.newest(), tail.mismatches(), mismatch);
    }

    /** Checks the files, and writes a mismatch to the audit. */
    private void ready() throws IOException {
        know();
        noteMismatch();
    }

    private void know() throws IOException {
        if (tailKnown) {
            String change = current.change(tail.newest().hash());
            if (change != null) {
                found(RecordFiles.CURRENT + " " + change, tail.newest());
            }
            return;
        }
        if (!current.isFileOrMissing()) {
            tail = AuditTail.read(folder);
            found(
                    RecordFiles.CURRENT + " is not a regular file",
                    head.read().fit(tail).goOnAfter());
            tailKnown = true;
            return;
        }
        tail = AuditTail.read(folder);
        AuditHead.Fit fit = head.read().fit(tail);
        ChainLine last = tail.last();
        if (fit.unfinished() && last != null) {
            LOG.info(
                    "The agent stopped while it was writing line {} of the audit; the incomplete line is removed",
                    tail.newest().number());
            current.cut(last.start());
            tail = AuditTail.read(folder);
            last = tail.last();
        }
        current.accept(last != null && last.file().equals(folder.resolve(RecordFiles.CURRENT)) ? last : null);
        tailKnown = true;
        if (fit.mismatch() != null) {
            found(fit.mismatch(), fit.goOnAfter());
        }
    }

    private void found(String what, Mark goOnAfter) {
        mismatch = "The audit was changed by something other than the agent: " + what + ".";
        unwritten = mismatch;
        LOG.warn("{} The file is set aside, and the audit continues after line {}", mismatch, goOnAfter);
        tail.goOnAfter(goOnAfter);
    }

    private void noteMismatch() throws IOException {
        String message = unwritten;
        if (message == null) {
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        current.close();
        if (current.isWorthKeeping()) {
            Path aside = RecordFiles.mismatch(folder, tail.newest().number());
            current.moveTo(aside);
            fields.put("file", aside.getFileName().toString());
        }
        current.beginAnew();
        write(own(AuditKinds.MISMATCH, message, fields));
        unwritten = null;
    }

    private AuditLine own(String kind, String message, Map<String, Object> more) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("head", tail.newest().toString());
        fields.putAll(more);
        fields.put(MESSAGE, message);
        return new AuditLine("", kind, settings.clock().instant(), fields);
    }

    /** If the file cannot be renamed, for example while another program reads it on Windows, it keeps growing. */
    private void setAsideIfLarge() throws IOException {
        if (current.length() < settings.large()) {
            return;
        }
        try {
            current.moveTo(RecordFiles.large(folder, tail.newest().number()));
        } catch (IOException e) {
            LOG.warn("The file of the audit is large, but cannot be renamed: {}", e.toString());
            return;
        }
        retire();
    }

    /** Writes a line about it, then deletes the oldest files. */
    private void retire() throws IOException {
        List<Path> files = RecordFiles.large(folder);
        if (settings.keep() == 0 || files.size() <= settings.keep()) {
            return;
        }
        List<Path> old = files.subList(0, files.size() - settings.keep());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "files", old.stream().map(file -> file.getFileName().toString()).toList());
        fields.put("last", lastOf(old.get(old.size() - 1)).toString());
        write(own(
                AuditKinds.RETIRED, "Older files are deleted because of audit-keep=" + settings.keep() + ".", fields));
        for (Path file : old) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                LOG.warn("Cannot delete {} (audit-keep={}): {}", file, settings.keep(), e.toString());
            }
        }
    }

    private static Mark lastOf(Path file) throws IOException {
        Mark mark = Mark.NONE;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            LineReader lines = new LineReader(file, in);
            for (ChainLine line = lines.read(); line != null; line = lines.read()) {
                AuditRecord record = line.record();
                mark = line.mark(record == null || record.number() == 0 ? mark.number() + 1 : record.number());
            }
        }
        return mark;
    }

    private void write(AuditLine line) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", tail.newest().number() + 1);
        json.put("previous", tail.newest().hash());
        json.put("id", OutsideText.bounded(line.id(), OutsideText.LONGEST));
        json.put("kind", line.kind());
        json.put("at", line.at().toString());
        json.put("version", settings.version());
        json.putAll(line.fields());
        String text = Json.write(json);
        if (text.length() > LineReader.LONGEST) {
            throw new IOException(
                    "the line has " + text.length() + " bytes, but at most " + LineReader.LONGEST + " are allowed");
        }
        Mark next = tail.newest().next(LineReader.hash(text));
        head.announce(tail.newest(), next, text, unwritten == null);
        try {
            current.append(text);
        } finally {
            tailKnown = current.isKnown();
        }
        tail.add(next, new AuditRecord(json));
        confirm(next);
    }

    /** The line is already on the disk. If this fails, the confirmation is written before the next line. */
    private void confirm(Mark written) {
        try {
            head.confirm(written);
        } catch (IOException e) {
            LOG.warn("Cannot write {}: {}", HeadFile.NAME, e.getMessage());
        }
    }

    private void closeAfter(IOException failure) {
        try {
            current.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Writes the stop line, if the agent had started, and closes the file. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        if (started) {
            tryToWrite(() -> {
                ready();
                write(own(AuditKinds.STOP, "The agent stopped.", Map.of()));
            });
            LOG.info("The agent stopped; the newest line of the audit is {}", status.newest());
        }
        closed = true;
        current.close();
    }
}
