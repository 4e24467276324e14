package io.github.csvbackup.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.text.PiecedText;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutgoingTest {
    /** Takes a few bytes at a time. */
    private static final class SlowTransport implements Transport {
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        final Random random = new Random(7);

        @Override
        public Handshake handshake() {
            return Handshake.DONE;
        }

        @Override
        public @Nullable Runnable task() {
            return null;
        }

        @Override
        public int read(InputBuffer input) {
            return 0;
        }

        @Override
        public int discard() {
            return 0;
        }

        @Override
        public boolean write(ByteBuffer bytes) {
            int count = Math.min(bytes.remaining(), random.nextInt(20));
            byte[] some = new byte[count];
            bytes.get(some);
            taken.writeBytes(some);
            return !bytes.hasRemaining();
        }

        @Override
        public void endOutput() {}

        @Override
        public Transport withoutTls() {
            return this;
        }

        @Override
        public void close() {}
    }

    private static String send(String body, boolean withBody) throws Exception {
        Outgoing outgoing = new Outgoing(
                new Answer(200, Map.of("X", "y"), PiecedText.of(body)), withBody, "close", Instant.ofEpochSecond(0));
        SlowTransport transport = new SlowTransport();
        ByteBuffer scratch = ByteBuffer.allocate(256);
        while (!outgoing.isSent()) {
            outgoing.write(transport, scratch);
        }
        return transport.taken.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aTextArrivesWholeInWhateverPieces() throws Exception {
        String whole = "a\u00e4\u4e16\ud83d\ude00".repeat(5000);
        String body = whole + "\ud83d" + "x" + "\ude00" + "\ud83d";
        String expected = whole + "\ufffdx\ufffd\ufffd";

        assertThat(send(body, true))
                .isEqualTo("HTTP/1.1 200 OK\r\nDate: Thu, 1 Jan 1970 00:00:00 GMT\r\nX: y\r\nContent-Length: "
                        + expected.getBytes(StandardCharsets.UTF_8).length + "\r\nConnection: close\r\n\r\n"
                        + expected);
    }

    @Test
    void afterHeadOnlyTheLengthIsSent() throws Exception {
        assertThat(send("12345", false)).contains("Content-Length: 5\r\n").endsWith("\r\n\r\n");
    }
}
