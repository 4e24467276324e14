package io.github.csvbackup.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/** The files of a process that is killed in the middle of a write; later writes do nothing. */
final class KilledDisk implements RecordOpener {
    /** What an interrupted write leaves. */
    enum Left {
        NOTHING,
        HALF,
        /** As after a power failure: the file is longer, and its new part is zeros. */
        ZEROS,
        ALL
    }

    private final int lastWrite;
    private final Left left;
    private int writes;
    private boolean dead;

    KilledDisk(int lastWrite, Left left) {
        this.lastWrite = lastWrite;
        this.left = left;
    }

    boolean isDead() {
        return dead;
    }

    private void alive() throws IOException {
        if (dead) {
            throw new IOException("the process is dead");
        }
    }

    @Override
    public RandomAccessFile open(Path file) throws IOException {
        alive();
        return new RandomAccessFile(file.toFile(), "rw") {
            @Override
            public void write(byte[] bytes) throws IOException {
                alive();
                if (writes++ < lastWrite) {
                    super.write(bytes);
                    return;
                }
                switch (left) {
                    case NOTHING -> {}
                    case HALF -> super.write(Arrays.copyOf(bytes, bytes.length / 2));
                    case ZEROS -> super.write(new byte[bytes.length]);
                    case ALL -> super.write(bytes);
                }
                dead = true;
                throw new IOException("killed");
            }

            @Override
            public void setLength(long length) throws IOException {
                alive();
                super.setLength(length);
            }
        };
    }
}
