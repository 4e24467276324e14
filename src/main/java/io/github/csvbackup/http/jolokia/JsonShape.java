package io.github.csvbackup.http.jolokia;

/**
 * The size of a JSON text, found without parsing it into memory. Exact for valid JSON, otherwise an estimate.
 *
 * @param depth nesting depth of the brackets
 * @param parts number of elements of the outermost array; 0 if the text is not an array
 */
record JsonShape(int depth, int parts) {
    static JsonShape of(String json) {
        Scan scan = new Scan();
        for (int i = 0; i < json.length(); i++) {
            scan.next(json.charAt(i));
        }
        return new JsonShape(scan.deepest, scan.inArray ? scan.commas + (scan.something ? 1 : 0) : 0);
    }

    private static final class Scan {
        private boolean inText;
        private boolean escaped;
        private int depth;
        private int deepest;
        private boolean began;
        private boolean inArray;
        private boolean something;
        private int commas;

        void next(char c) {
            if (inText) {
                inText = escaped || c != '"';
                escaped = !escaped && c == '\\';
            } else if (!Character.isWhitespace(c)) {
                bracketOrValue(c);
                inText = c == '"';
            }
        }

        private void bracketOrValue(char c) {
            boolean opens = c == '[' || c == '{';
            if (!began) {
                began = true;
                inArray = c == '[';
            } else if (depth == 1 && c == ',') {
                commas++;
            } else if (c != ']') {
                something = true;
            }
            if (opens) {
                depth++;
                deepest = Math.max(deepest, depth);
            } else if (c == ']' || c == '}') {
                depth--;
            }
        }
    }
}
