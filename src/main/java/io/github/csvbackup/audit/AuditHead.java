package io.github.csvbackup.audit;

import io.github.csvbackup.audit.ChainLine.End;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@link HeadFile}.
 *
 * @param confirmed the newest line that was written; null if it is not readable
 * @param announced the line that was about to be written; null if there is none, or if it is not readable
 * @param announcedText the text of that line; empty without it
 * @param missing whether the file does not exist
 */
record AuditHead(@Nullable Mark confirmed, @Nullable Mark announced, String announcedText, boolean missing) {
    static final AuditHead MISSING = new AuditHead(null, null, "", true);

    /**
     * The result of a comparison with the audit.
     *
     * @param unfinished a crash interrupted the write of the last line, which was announced
     * @param mismatch a clause about the difference; null if there is none
     * @param goOnAfter the line after which to continue
     */
    record Fit(boolean unfinished, @Nullable String mismatch, Mark goOnAfter) {}

    /** Compares the audit with this content. */
    Fit fit(AuditTail tail) {
        Mark newest = tail.newest();
        ChainLine last = tail.last();
        if (last != null && RecordFiles.isMismatch(last.file())) {
            Mark noted = confirmed == null ? newest : confirmed;
            return mismatch(
                    last.file().getFileName() + " was set aside because it had been changed, but no line reports this",
                    noted);
        }
        if (confirmed == null && announced == null) {
            return last == null
                    ? new Fit(false, null, newest)
                    : mismatch(
                            missing
                                    ? HeadFile.NAME
                                            + " is missing, so it is unknown whether the newest lines are complete"
                                    : HeadFile.NAME + " is damaged",
                            newest);
        }
        if (last != null && newest.equals(announced) && isPending() && last.end() == End.LINE_FEED) {
            return new Fit(false, null, newest);
        }
        Mark noted = noted();
        if (newest.equals(noted)) {
            return last == null || last.end() == End.LINE_FEED
                    ? new Fit(false, null, newest)
                    : mismatch("the line end after its newest line was changed", noted);
        }
        if (last != null && isPending() && tail.before().equals(noted) && isUnfinished(last)) {
            return new Fit(true, null, noted);
        }
        return mismatch(difference(newest, noted), noted);
    }

    private static Fit mismatch(String what, Mark goOnAfter) {
        return new Fit(false, what, goOnAfter);
    }

    /** The last line that was certainly written. If only an announcement is readable, that line was written, unless it is the first. */
    private Mark noted() {
        if (confirmed != null) {
            return confirmed;
        }
        return announced == null || announced.number() == 1 ? Mark.NONE : announced;
    }

    private boolean isPending() {
        return announced != null && (confirmed == null || announced.number() == confirmed.number() + 1);
    }

    /** Whether the line is a prefix of the announced one. After a power failure, parts that did not reach the disk are zeros. */
    private boolean isUnfinished(ChainLine last) {
        String text = last.text();
        boolean mayBe = switch (last.end()) {
            case NONE -> text.length() <= announcedText.length() + 1;
            case LINE_FEED -> text.length() == announcedText.length();
            case CARRIAGE_RETURN_LINE_FEED -> false;
        };
        if (!mayBe) {
            return false;
        }
        String whole = announcedText + "\n";
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != whole.charAt(i) && text.charAt(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static String difference(Mark newest, Mark noted) {
        if (newest.number() < noted.number()) {
            return newest.number() == 0
                    ? "all its lines are missing; the newest was " + noted.number()
                    : "its newest line is " + newest.number() + " but should be " + noted.number()
                            + ": lines were removed";
        }
        return newest.number() == noted.number()
                ? "its newest line, " + noted.number() + ", is not the one that the agent wrote"
                : "its newest line is " + newest.number() + " but should be " + noted.number()
                        + ": lines were added that the agent did not write";
    }
}
