package io.github.csvbackup.agent.entry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * The isolated classes, in one entry of the agent's jar that is not compressed. The JVM reads the name of each entry while its host starts, and keeps
 * all of them in memory: two thousand classes cost more than this index.
 *
 * <p>The entry begins with the number of classes, {@code n}. Then {@code n} numbers of 8 bytes follow, in ascending order: the {@link #key} of each name.
 * Then {@code n + 1} numbers of 4 bytes: where the class begins after the index, and at last where the last one ends. A class is its size, in 4
 * bytes, and its class file: as it is, or deflated without a header and then shorter. All numbers are big-endian. Thread-safe.
 */
final class ClassPack {
    static final String ENTRY = "isolated/classes";
    /** More than any class needs, and small enough for the memory of a host. */
    private static final int LARGEST_CLASS = 1024 * 1024;

    private final JarFile jar;
    private final JarEntry entry;
    private final long[] keys;
    private final int[] begins;

    /** @throws IOException if the jar holds no such entry, or a damaged one */
    ClassPack(JarFile jar) throws IOException {
        this.jar = jar;
        JarEntry found = jar.getJarEntry(ENTRY);
        if (found == null) {
            throw new IOException("the agent's jar " + jar.getName() + " has no " + ENTRY
                    + ": it is not complete, or of a version that does not fit the classes which this JVM loaded of another"
                    + " version; start this JVM again");
        }
        if (found.getMethod() != ZipEntry.STORED) {
            // Otherwise the JVM would inflate it from its beginning for each class.
            throw new IOException(
                    "the agent's jar was packed again, and its entry " + ENTRY + " compressed; use the original");
        }
        this.entry = found;
        try (InputStream in = jar.getInputStream(found)) {
            int count = read(in, Integer.BYTES).getInt();
            if (count < 0 || indexSize(count) > found.getSize()) {
                throw damaged("its index is longer than the entry");
            }
            keys = new long[count];
            begins = new int[count + 1];
            read(in, count * Long.BYTES).asLongBuffer().get(keys);
            read(in, (count + 1) * Integer.BYTES).asIntBuffer().get(begins);
        }
    }

    private static ByteBuffer read(InputStream in, int size) throws IOException {
        byte[] bytes = in.readNBytes(Math.max(0, size));
        if (bytes.length != size) {
            throw damaged("it ends too early");
        }
        return ByteBuffer.wrap(bytes);
    }

    private static long indexSize(int count) {
        return Integer.BYTES + count * (long) Long.BYTES + (count + 1L) * Integer.BYTES;
    }

    private static IOException damaged(String how) {
        return new IOException("the agent's jar is damaged, in its entry " + ENTRY + ": " + how);
    }

    /** The number for a class name with dots. The build checks that those of the packed classes differ. */
    static long key(String name) {
        // FNV-1a, 64 bits.
        long key = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            key = (key ^ name.charAt(i)) * 0x100000001b3L;
        }
        return key;
    }

    /**
     * The class file of a class; null if it is not packed.
     *
     * @throws IllegalStateException if the jar is closed
     */
    byte @Nullable [] find(String name) throws IOException {
        int index = Arrays.binarySearch(keys, key(name));
        if (index < 0) {
            return null;
        }
        ByteBuffer packed;
        try (InputStream in = jar.getInputStream(entry)) {
            // Of an entry that is not compressed, nothing is read for that.
            in.skipNBytes(indexSize(keys.length) + begins[index]);
            packed = read(in, begins[index + 1] - begins[index]);
        } catch (EOFException e) {
            throw damaged("it ends too early");
        }
        int size = packed.remaining() < Integer.BYTES ? 0 : packed.getInt();
        if (size <= 0 || size > LARGEST_CLASS) {
            throw damaged(name + " has a size that cannot be");
        }
        byte[] classFile = new byte[size];
        if (packed.remaining() == size) {
            packed.get(classFile);
            return classFile;
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            if (inflater.inflate(classFile) < size) {
                throw damaged(name + " is not complete");
            }
            return classFile;
        } catch (DataFormatException e) {
            throw damaged(name + " cannot be read");
        } finally {
            inflater.end();
        }
    }
}
