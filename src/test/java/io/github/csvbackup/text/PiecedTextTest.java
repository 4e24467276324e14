package io.github.csvbackup.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PiecedTextTest {
    @Test
    void holdsTheBytesOfAnyText() {
        Random random = new Random(3);
        for (int size : new int[] {0, 1, 511, 512, 513, 16_383, 16_384, 16_385, 70_000, 300_000}) {
            StringBuilder text = new StringBuilder();
            while (text.length() < size) {
                text.append((char) (random.nextInt(4) > 0 ? 'a' + random.nextInt(26) : 0xD7F0 + random.nextInt(0x900)));
            }
            byte[] bytes = OutsideText.wellFormed(text.toString()).getBytes(StandardCharsets.UTF_8);

            PiecedText pieced = PiecedText.of(text.toString());

            assertThat(pieced.length()).isEqualTo(bytes.length);
            assertThat(pieced.toString()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    @Test
    void aPairAtTheEdgeStaysWhole() {
        String text = "x".repeat(16_383) + "\ud83d\ude00" + "y".repeat(20_000);

        assertThat(PiecedText.of(text).toString()).isEqualTo(text);
    }

    @Test
    void halfAPairAtTheEdgeLeavesItsNeighboursWhole() {
        String rest = "y".repeat(20_000);

        assertThat(PiecedText.of("x".repeat(16_383) + "\ud800z" + rest).toString())
                .isEqualTo("x".repeat(16_383) + "\ufffdz" + rest);
        assertThat(PiecedText.of("x".repeat(16_383) + "\ud800\ud83d\ude00" + rest)
                        .toString())
                .isEqualTo("x".repeat(16_383) + "\ufffd\ud83d\ude00" + rest);
    }

    @Test
    void noPieceIsLarge() {
        PiecedText pieced = PiecedText.of("x".repeat(1_000_000));

        assertThat(pieced.pieces()).isGreaterThan(15);
        for (int i = 0; i < pieced.pieces(); i++) {
            assertThat(pieced.piece(i).remaining()).isLessThanOrEqualTo(64 * 1024);
        }
    }

    @Test
    void takesBytesOneByOne() {
        PiecedText.Builder builder = new PiecedText.Builder();
        for (int i = 0; i < 100_000; i++) {
            builder.write('a' + i % 26);
        }

        assertThat(builder.build().toString()).hasSize(100_000).startsWith("abc");
    }
}
