package io.github.csvbackup.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyParserTest {
    private static final int LARGEST = 100;

    private final InputBuffer input = new InputBuffer();

    private BodyParser of(long length) throws MalformedRequestException {
        return new BodyParser(input, new Head("POST", URI.create("/"), "localhost", 1, Map.of(), length), LARGEST);
    }

    private void arrives(String text) {
        input.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String text(BodyParser parser) {
        return new String(parser.bytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void collectsByLength() throws Exception {
        BodyParser parser = of(5);
        assertThat(parser.advance()).isFalse();
        arrives("abc");
        assertThat(parser.advance()).isFalse();
        assertThat(parser.collected()).isEqualTo(3);
        arrives("deNEXT");
        assertThat(parser.advance()).isTrue();
        assertThat(text(parser)).isEqualTo("abcde");
        assertThat(input.size()).as("the next request is left").isEqualTo(4);
    }

    @Test
    void collectsChunksInAnyPieces() throws Exception {
        String body = "3\r\nabc\r\n0A;name=\"value\"\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
        for (int size = 1; size <= body.length(); size++) {
            BodyParser parser = of(-1);
            boolean whole = false;
            for (int at = 0; at < body.length(); at += size) {
                assertThat(whole).isFalse();
                arrives(body.substring(at, Math.min(body.length(), at + size)));
                whole = parser.advance();
            }
            assertThat(whole).as("pieces of %s", size).isTrue();
            assertThat(text(parser)).isEqualTo("abc0123456789");
            assertThat(input.size()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ZZ\r\n",
                "\r\n",
                "-1\r\nabc",
                "+1\r\na\r\n",
                "0x1\r\na\r\n",
                "1\r\nabc\r\n",
                "123456789\r\n",
                " \r\n",
                "\n5\r\nabcde\r\n",
                "5;\nx\r\nabcde\r\n",
                "0\r\n\nGET / HTTP/1.1\r\n\r\n",
                "3\nabc\n",
            })
    void aWrongChunkIsRefused(String body) throws Exception {
        BodyParser parser = of(-1);
        arrives(body);
        if (body.equals("3\nabc\n")) {
            arrives("x".repeat(2000));
        }
        assertThatThrownBy(parser::advance).hasMessageStartingWith("The body has an invalid chunk");
    }

    @Test
    void endlessLinesAreRefused() throws Exception {
        BodyParser extension = of(-1);
        arrives("1;" + "x".repeat(2000));
        assertThatThrownBy(extension::advance).isInstanceOf(MalformedRequestException.class);

        BodyParserTest other = new BodyParserTest();
        BodyParser trailers = other.of(-1);
        other.arrives("0\r\n" + "Trailer: x\r\n".repeat(1000));
        assertThatThrownBy(trailers::advance).isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedByItsPromise() throws Exception {
        assertThatThrownBy(() -> of(101))
                .isInstanceOfSatisfying(
                        MalformedRequestException.class,
                        e -> assertThat(e.status()).isEqualTo(413));
        BodyParser chunks = of(-1);
        arrives("40\r\n" + "x".repeat(64) + "\r\n40\r\n");
        assertThatThrownBy(chunks::advance).hasMessage("The body is larger than 100 bytes. Send a smaller one.");
    }
}
