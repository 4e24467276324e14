package io.github.csvbackup.http.page;

import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.text.PiecedText;

/** Collects a piece of HTML. Markup is written as it is; all else goes through {@link #text}, which escapes it. */
final class Html {
    private final StringBuilder out = new StringBuilder();

    /** Adds markup of this program; never a name or a message. */
    Html markup(String markup) {
        out.append(markup);
        return this;
    }

    /** Adds a text, which may come from outside. */
    Html text(String text) {
        String printable = OutsideText.printable(text);
        for (int i = 0; i < printable.length(); i++) {
            char c = printable.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return this;
    }

    /** Adds a name or a path, which a browser shows in a font of its own. */
    Html code(String text) {
        return markup("<code>").text(text).markup("</code>");
    }

    PiecedText build() {
        return PiecedText.of(out.toString());
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
