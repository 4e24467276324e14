package io.github.csvbackup.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {
    private static final String HOST = "Host: localhost\r\n";

    private final InputBuffer input = new InputBuffer();
    private final HeadParser parser = new HeadParser(input);

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Head parse(String text) throws MalformedRequestException {
        input.append(bytes(text));
        return parser.next();
    }

    @Test
    void readsWhatIsThere() throws Exception {
        Head head = parse("POST /jolokia/?ignoreErrors=true HTTP/1.1\r\nHOST: here:8778\r\nAccept: a\r\naccept:  b \r\n"
                + "Content-Length: 12\r\n\r\nbody");

        assertThat(head.method()).isEqualTo("POST");
        assertThat(head.uri().getPath()).isEqualTo("/jolokia/");
        assertThat(head.uri().getQuery()).isEqualTo("ignoreErrors=true");
        assertThat(head.host()).isEqualTo("here:8778");
        assertThat(head.joined("Accept")).isEqualTo("a, b");
        assertThat(head.header("aCCept")).isEqualTo("a");
        assertThat(head.header("None")).isNull();
        assertThat(head.length()).isEqualTo(12);
        assertThat(input.size()).as("the body is left").isEqualTo(4);
    }

    @Test
    void aHeadMayComeInAnyPieces() throws Exception {
        String two = "\r\nGET /a HTTP/1.1\r\n" + HOST + "\r\n\r\nGET /b HTTP/1.0\r\n\r\n";
        for (int size = 1; size < two.length(); size++) {
            List<String> paths = new ArrayList<>();
            for (int at = 0; at < two.length(); at += size) {
                input.append(bytes(two.substring(at, Math.min(two.length(), at + size))));
                for (Head head = parser.next(); head != null; head = parser.next()) {
                    paths.add(head.uri().getPath());
                }
            }
            assertThat(paths).as("pieces of %s", size).containsExactly("/a", "/b");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/metrics, /metrics",
        "//evil/metrics, //evil/metrics",
        "///metrics, ///metrics",
        "/%6Detrics, /metrics",
        "http://127.0.0.1:1/metrics, /metrics",
        "http://127.0.0.1:1, /",
        "/a?b//c, /a",
        "*, *"
    })
    void aPathIsAPathAndNeverAnAuthority(String target, String path) throws Exception {
        Head head = parse("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n");

        assertThat(head.uri().getPath()).isEqualTo(path);
        assertThat(head.uri().getAuthority()).isNull();
    }

    @Test
    void theAddressOfAnAbsoluteFormIsTheHost() throws Exception {
        assertThat(parse("GET http://evil.example/metrics HTTP/1.1\r\n" + HOST + "\r\n")
                        .host())
                .isEqualTo("evil.example");
    }

    @Test
    void connectionsAreKeptAsTheVersionAndTheHeaderSay() throws Exception {
        assertThat(parse("GET / HTTP/1.1\r\n" + HOST + "\r\n").keepsConnection())
                .isTrue();
        assertThat(parse("GET / HTTP/1.1\r\n" + HOST + "Connection: foo, Close\r\n\r\n")
                        .keepsConnection())
                .isFalse();
        assertThat(parse("GET / HTTP/1.0\r\n\r\n").keepsConnection()).isFalse();
        assertThat(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keepsConnection())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
                "G@T / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET evil HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a|b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\nb\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                "\u0016\u0003\u0001\u0002",
                "POST / HTTP/1.1\r\nHost: a\r\nFoo:\nContent-Length: 5\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u000bchunked\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\n\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            })
    void whatCouldMeanTwoThingsIsRefused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        MalformedRequestException.class,
                        e -> assertThat(e.status()).isEqualTo(400))
                .hasMessageEndingWith(".");
    }

    @Test
    void aHeadThatIsTooLongSaysSo() {
        assertThatThrownBy(() -> new HeadParserTest().parse("GET /" + "a".repeat(20_000)))
                .isInstanceOfSatisfying(
                        MalformedRequestException.class,
                        e -> assertThat(e.status()).isEqualTo(431));
        assertThatThrownBy(() -> new HeadParserTest().parse("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(200) + "\r\n"))
                .isInstanceOfSatisfying(
                        MalformedRequestException.class,
                        e -> assertThat(e.status()).isEqualTo(431));
    }
}
