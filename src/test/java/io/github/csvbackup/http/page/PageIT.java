package io.github.csvbackup.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.http.AgentHttpServer;
import io.github.csvbackup.http.LocalDoor;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Identity;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a browser: nothing is cut off, and all of it can be read. The pictures are in target/page. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PageIT {
    private static final int HEIGHT = 860;
    private static final String WRITE_DOCUMENTS = "csvbackup.write-docs";

    /** What a reader would stumble over, as sentences. */
    private static final String FLAWS = """
            (() => {
              const flaws = [];
              const number = text => text.match(/[\\d.]+/g).map(Number);
              const light = color => color.slice(0, 3).map(c => c / 255)
                .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = element => {
                for (let e = element; e; e = e.parentElement) {
                  const color = number(getComputedStyle(e).backgroundColor);
                  if (color.length === 3 || color[3] === 1) return color;
                }
                return [0, 0, 0];
              };
              const contrast = element => {
                const [a, b] = [number(getComputedStyle(element).color), behind(element)].map(light);
                return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              };
              const ends = document.documentElement;
              if (ends.scrollWidth > WIDTH) flaws.push('scrolls sideways: ' + ends.scrollWidth);
              for (const e of document.querySelectorAll('body *')) {
                if (!e.checkVisibility()) continue;
                const name = e.outerHTML.slice(0, 120);
                const box = e.getBoundingClientRect();
                if (box.left < 0 || box.right > WIDTH + 0.5) flaws.push('beyond the window: ' + name);
                if (e.clientWidth && e.scrollWidth > e.clientWidth + 1) flaws.push('cut off: ' + name);
                if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
                if (parseFloat(getComputedStyle(e).fontSize) < 14) flaws.push('small: ' + name);
                if (contrast(e) < 4.5) flaws.push('contrast ' + contrast(e) + ': ' + name);
              }
              return flaws;
            })()""";

    @TempDir
    static Path folder;

    private static Browser browser;
    private static Scene incident;
    private static Scene disaster;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start(folder);
        incident = Scene.incident();
        disaster = Scene.disaster();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private static AgentHttpServer serve(Scene scene) throws Exception {
        AgentHttpServer server = AgentHttpServer.bind(
                new LocalDoor("127.0.0.1", 0, () -> "token", AnonymousAccess.ASSESS),
                1,
                new HttpCounts(),
                // With the usual address in the commands, whatever the port.
                Map.of("/", request -> scene.answer("/", Identity.ANONYMOUS, Scene.LOCAL)));
        server.start();
        return server;
    }

    private static void open(AgentHttpServer server, int width, String scheme) throws Exception {
        browser.emulate(width, HEIGHT, scheme);
        browser.open(URI.create(server.url()));
        assertThat(browser.evaluate("window.innerWidth")).isEqualTo((long) width);
        assertThat(browser.evaluate("matchMedia('(prefers-color-scheme: " + scheme + ")').matches"))
                .isEqualTo(true);
    }

    /** By the width that was set: a phone makes its window wider if the page is. */
    private static List<?> flaws(int width) throws Exception {
        return (List<?>) browser.evaluate(FLAWS.replace("WIDTH", Integer.toString(width)));
    }

    @ParameterizedTest
    @CsvSource({
        "400, light, 3", "400, dark, 3", "1280, light, 3", "1280, dark, 3",
        "400, light, 300", "400, dark, 300", "1280, light, 300", "1280, dark, 300"
    })
    void allOfItCanBeRead(int width, String scheme, int volumes) throws Exception {
        Scene scene = volumes == 3 ? incident : disaster;
        assertThat(scene.watcher.snapshot().volumes()).hasSize(volumes);
        try (AgentHttpServer server = serve(scene)) {
            open(server, width, scheme);
            assertThat(flaws(width)).as("as it opens").isEmpty();
            browser.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)");
            assertThat(flaws(width)).as("unfolded").isEmpty();
            Path pictures = Files.createDirectories(Path.of("target", "page"));
            browser.emulate(width, 4 * HEIGHT, scheme);
            Files.write(pictures.resolve(width + "-" + scheme + "-" + volumes + ".png"), browser.picture());
            Object background = browser.evaluate("getComputedStyle(document.body).backgroundColor");
            assertThat(background).isEqualTo(scheme.equals("dark") ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "scrolls sideways, <p style='width:900px'>x</p>",
        "beyond the window, <p style='margin-left:-30px'>x</p>",
        "cut off, <p style='overflow:hidden;white-space:nowrap'>a sentence that does not fit into the window of a telephone at all</p>",
        "small, <p style='font-size:10px'>x</p>",
        "contrast 1, <p style='color:white'>x</p>"
    })
    void aFlawIsFound(String flaw, String html) throws Exception {
        try (AgentHttpServer server = serve(incident)) {
            open(server, 400, "light");
            browser.evaluate("document.body.insertAdjacentHTML('beforeend', \"" + html + "\")");

            assertThat(flaws(400)).anyMatch(found -> found.toString().startsWith(flaw));
        }
    }

    /** With {@code -Dcsvbackup.write-docs=true} it writes the picture in {@code src/docs}. */
    @Test
    void thePictureOfTheDocumentsIsThere() throws Exception {
        Path picture = Path.of("src", "docs", "page.png");
        if (Boolean.getBoolean(WRITE_DOCUMENTS)) {
            try (AgentHttpServer server = serve(incident)) {
                open(server, 1280, "light");
                Files.write(picture, browser.picture());
            }
        }
        assertThat(picture).isRegularFile();
        assertThat(Files.size(picture)).isLessThan(200_000);
    }
}
