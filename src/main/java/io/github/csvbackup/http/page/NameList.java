package io.github.csvbackup.http.page;

import java.util.List;

/** Names in a row; after the first few the others are folded. */
final class NameList {
    private static final int MOST_SHOWN = 10;

    /**
     * A name.
     *
     * @param note follows it; may be empty
     */
    record Name(String name, String note) {}

    private NameList() {}

    static void write(Html html, List<Name> names) {
        html.markup("<p class=\"names\">");
        join(html, names.subList(0, Math.min(MOST_SHOWN, names.size())));
        html.markup("</p>");
        if (names.size() > MOST_SHOWN) {
            html.markup("<details><summary>")
                    .text("and " + (names.size() - MOST_SHOWN) + " more")
                    .markup("</summary><p class=\"names\">");
            join(html, names.subList(MOST_SHOWN, names.size()));
            html.markup("</p></details>");
        }
    }

    private static void join(Html html, List<Name> names) {
        String separator = "";
        for (Name name : names) {
            html.markup(separator).code(name.name()).text(name.note());
            separator = ", ";
        }
    }
}
