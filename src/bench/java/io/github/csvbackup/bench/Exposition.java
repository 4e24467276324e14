package io.github.csvbackup.bench;

import java.io.IOException;

/**
 * The size of a scrape.
 *
 * @param samples lines that are not comments
 * @param bytes of the text
 * @param sent bytes as Prometheus gets them
 */
record Exposition(long samples, long bytes, long sent) {
    static Exposition of(Door door) throws IOException {
        try (Connection connection = door.connect()) {
            int sent = connection.scrape("/metrics").length();
            Answer plain = connection.get("/metrics");
            if (plain.status() != 200) {
                throw new IOException("/metrics answered " + plain.status());
            }
            return new Exposition(samples(plain), plain.length(), sent);
        }
    }

    private static long samples(Answer plain) {
        long samples = 0;
        boolean begins = true;
        for (int i = 0; i < plain.length(); i++) {
            byte next = plain.buffer()[i];
            samples += begins && next != '#' && next != '\n' ? 1 : 0;
            begins = next == '\n';
        }
        return samples;
    }

    @Override
    public String toString() {
        return Unit.COUNT.text(samples) + " samples, " + Unit.BYTES.text(bytes) + ", sent as " + Unit.BYTES.text(sent);
    }
}
