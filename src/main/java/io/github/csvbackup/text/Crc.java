package io.github.csvbackup.text;

/**
 * Joins checksums of the kind that gzip uses (CRC-32; RFC 1952, section 8). Such a sum is the remainder of a division by a polynomial over the field of
 * two elements; bit 31 of an int is the coefficient of x to the power of 0.
 */
final class Crc {
    /** The divisor, without its highest term. */
    private static final int POLYNOMIAL = 0xEDB88320;

    private static final int ONE = 1 << 31;
    /** x to the power of 8: one byte more. */
    private static final int ONE_BYTE = ONE >>> 8;

    private Crc() {}

    /**
     * The sum of two texts, one after the other.
     *
     * @param length of the second text, in bytes
     */
    static int joined(int first, int second, long length) {
        // Each byte that follows multiplies the remainder of what was before by x to the power of 8.
        int factor = ONE;
        int power = ONE_BYTE;
        for (long left = length; left > 0; left >>= 1) {
            if ((left & 1) == 1) {
                factor = product(factor, power);
            }
            power = product(power, power);
        }
        return product(first, factor) ^ second;
    }

    /** The remainder of the product. */
    private static int product(int one, int other) {
        int sum = 0;
        int shifted = other;
        for (int bit = 31; bit >= 0; bit--) {
            if ((one >>> bit & 1) == 1) {
                sum ^= shifted;
            }
            shifted = (shifted >>> 1) ^ ((shifted & 1) == 1 ? POLYNOMIAL : 0);
        }
        return sum;
    }
}
