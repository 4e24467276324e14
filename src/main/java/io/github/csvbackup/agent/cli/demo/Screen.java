package io.github.csvbackup.agent.cli.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Prints the story: a line for each step, and beside it the verdicts of the volumes after it. With pauses for the reader. */
final class Screen {
    private static final int COLUMNS = 100;
    private static final String INDENT = "    ";

    private final PrintStream out;
    private final Duration pace;
    private final boolean requests;
    private int steps;
    private String title = "";

    /** @param requests also prints requests and answers */
    Screen(PrintStream out, Duration pace, boolean requests) {
        this.out = out;
        this.pace = pace;
        this.requests = requests;
    }

    /** The lines above the table. */
    void begin(String text, List<String> columns) {
        out.println(text);
        out.println();
        row("", columns);
    }

    /** Waits for the reader, then begins a step; {@link #verdicts} ends it. */
    void step(String text) throws InterruptedException {
        if (steps > 0) {
            Thread.sleep(pace.toMillis());
        }
        steps++;
        title = text;
    }

    /** Prints the line of the step. */
    void verdicts(List<String> verdicts) {
        row(String.format(Locale.ROOT, "%2d  %s", steps, title), verdicts);
    }

    /** Prints a text below the line of a step, in as many lines as it needs. */
    void explains(String text) {
        StringBuilder line = new StringBuilder(INDENT);
        for (String word : text.split(" ", -1)) {
            if (line.length() > INDENT.length() && line.length() + word.length() > COLUMNS) {
                out.println(line.toString().stripTrailing());
                line.setLength(INDENT.length());
            }
            line.append(word).append(' ');
        }
        out.println(line.toString().stripTrailing());
    }

    private void row(String text, List<String> cells) {
        out.println(
                String.format(Locale.ROOT, "%-61s %-12s %-12s %-12s", text, cells.get(0), cells.get(1), cells.get(2))
                        .stripTrailing());
    }

    /** Prints the request to an agent as commands for the user to copy. */
    void shows(DemoClient agent, StoryRequest request) {
        if (!requests) {
            return;
        }
        String json = request.json();
        String file = agent.tokenFile().toString();
        String jolokia = agent.jolokia().toString();
        out.println();
        out.println("curl -s" + (request.withToken() ? " -H \"Authorization: Bearer $(cat '" + file + "')\"" : "")
                + " -H 'Content-Type: application/json' -d '" + json.replace("'", "'\\''") + "' " + jolokia);
        out.println("Invoke-RestMethod -Method Post"
                + (request.withToken()
                        ? " -Headers @{ Authorization = \"Bearer $(Get-Content '" + file.replace("'", "''") + "')\" }"
                        : "")
                + " -ContentType 'application/json' -Body '" + json.replace("'", "''") + "' " + jolokia);
    }

    /** Prints an answer, or other details for those who want the requests. */
    void answers(String text) {
        if (requests) {
            out.println();
            out.println("  " + text);
            out.println();
        }
    }

    int steps() {
        return steps;
    }
}
