package io.github.csvbackup.agent.cli.demo;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Prints the story, with pauses for the reader. */
final class Narrator {
    private final PrintStream out;
    private final Duration pace;
    private final String jolokia;
    private final Path tokenFile;
    private int steps;

    Narrator(PrintStream out, Duration pace, URI base, Path tokenFile) {
        this.out = out;
        this.pace = pace;
        this.jolokia = base.resolve("jolokia/").toString();
        this.tokenFile = tokenFile;
    }

    /** Waits for the reader, then begins a step. */
    void step(String title) throws InterruptedException {
        if (steps > 0) {
            Thread.sleep(pace.toMillis());
        }
        steps++;
        out.println();
        out.println("== " + steps + ". " + title);
    }

    void says(String text) {
        out.println(text);
    }

    /** Prints the request as commands for the user to copy. */
    void shows(StoryRequest request) {
        String json = request.json();
        String file = tokenFile.toString();
        out.println();
        out.println("curl -s" + (request.withToken() ? " -H \"Authorization: Bearer $(cat '" + file + "')\"" : "")
                + " -H 'Content-Type: application/json' -d '" + json.replace("'", "'\\''") + "' " + jolokia);
        out.println("Invoke-RestMethod -Method Post"
                + (request.withToken()
                        ? " -Headers @{ Authorization = \"Bearer $(Get-Content '" + file.replace("'", "''") + "')\" }"
                        : "")
                + " -ContentType 'application/json' -Body '" + json.replace("'", "''") + "' " + jolokia);
    }

    void answers(String text) {
        out.println();
        out.println("  " + text);
    }

    int steps() {
        return steps;
    }
}
