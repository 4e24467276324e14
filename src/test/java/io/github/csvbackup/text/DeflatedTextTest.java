package io.github.csvbackup.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class DeflatedTextTest {
    private static byte[] bytes(PiecedText text) {
        byte[] all = new byte[(int) text.length()];
        int at = 0;
        for (int i = 0; i < text.pieces(); i++) {
            int count = text.piece(i).remaining();
            text.piece(i).get(all, at, count);
            at += count;
        }
        assertThat(at).isEqualTo(all.length);
        return all;
    }

    /** Reads to the end, so that the checksum and the length are compared, too. */
    private static String unzip(PiecedText gzip) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes(gzip)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String samples(int count, int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("csv_backup_stale{volume=\"C:\\\\V")
                    .append(i)
                    .append("\u00e4\"} ")
                    .append(random.nextInt())
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void bothPartsAreOneMember() throws IOException {
        for (int kept : new int[] {0, 1, 100, 20_000}) {
            DeflatedText begin = DeflatedText.of(PiecedText.of(samples(kept, 1)));
            for (int fresh : new int[] {0, 1, 100, 5_000}) {
                String rest = samples(fresh, 2);

                assertThat(unzip(begin.gzipWith(PiecedText.of(rest))))
                        .as("%s and %s", kept, fresh)
                        .isEqualTo(samples(kept, 1) + rest);
            }
        }
    }

    @Test
    void theKeptPartIsSharedAndMuchSmallerThanItsText() {
        PiecedText plain = PiecedText.of(samples(20_000, 1));
        DeflatedText kept = DeflatedText.of(plain);
        PiecedText one = kept.gzipWith(PiecedText.of("a"));
        PiecedText other = kept.gzipWith(PiecedText.of("b"));

        assertThat(one.length()).isLessThan(plain.length() / 2);
        assertThat(one.pieces()).isGreaterThan(3);
        assertThat(one.sharesWith(other)).isEqualTo(one.pieces() - 3);
    }
}
