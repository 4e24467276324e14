package io.github.csvbackup;

import java.util.List;

/** Names of folders that a user may choose, or write into the cluster's configuration, to break or deceive the programs that show them. */
public final class OddNames {
    private static final String ROOT = "C:\\ClusterStorage\\";
    /** The longest path that programs without long paths can open. */
    private static final int LONGEST_PATH = 259;

    private OddNames() {}

    /** One name of each kind. */
    public static List<String> all() {
        return List.of(
                "<script>alert(1)</script>",
                "</code></td><img src=x onerror=\"alert(1)\">",
                "a&amp;b & c",
                "\"double\" 'single' `backtick`",
                "back\\slash\\n",
                "line\nfeed",
                "carriage\r\nreturn",
                "2026-01-01T00:00:00Z INFO forged\n2026-01-01T00:00:00Z INFO forged",
                "tab\there",
                "\u001b[31mred\u001b[0m",
                "bell\u0007 delete\u007f CSI\u009b31m",
                "next\u0085line\u2028separator\u2029paragraph",
                "Gr\u00f6\u00dfe \u65e5\u672c\u8a9e",
                "\ud83d\udcbe disk",
                "\u05e2\u05d1\u05e8\u05d9\u05ea \u202etxt.exe\u202c",
                "100 %s %n %20 {} ${x} $(x)",
                "a,b=c;d",
                "star * mark ?",
                "[1] # @{x}",
                "it''s_\\\"quoted\\\"",
                "n".repeat(LONGEST_PATH - ROOT.length()),
                "n".repeat(LONGEST_PATH));
    }

    /** The friendly path of a volume with that name on the simulated cluster. */
    public static String path(String name) {
        return ROOT + name;
    }
}
