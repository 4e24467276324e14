package io.github.csvbackup.cluster.windows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The two forms of lists that control codes return ([MS-CMRP] 2.2.3.10). A value list has entries of syntax, length, data and padding to
 * four bytes, and ends with syntax 0. A property list has a count, and for each property its name, which is an entry too, and a value list. All little-endian. Pure: bytes in, values out.
 */
final class ClusPropList {
    static final int SYNTAX_LIST_VALUE_BINARY = 0x00010001;
    static final int SYNTAX_LIST_VALUE_DWORD = 0x00010002;
    private static final int SYNTAX_ENDMARK = 0;
    private static final int SYNTAX_NAME = 0x00040003;

    private ClusPropList() {}

    /**
     * One value.
     *
     * @param property the property's name; empty in a value list
     * @param data its bytes, from position 0 to the limit
     */
    record Value(String property, int syntax, ByteBuffer data) {}

    /**
     * The values of a list of either form.
     *
     * @throws MalformedListException if any part is invalid; the list is not used then
     */
    static List<Value> parse(ByteBuffer bytes) throws MalformedListException {
        ByteBuffer list = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        List<Value> values = new ArrayList<>();
        if (!list.hasRemaining()) {
            return values;
        }
        require(list, 4, "its first number");
        int first = list.getInt(0);
        if (first == SYNTAX_ENDMARK || first == SYNTAX_LIST_VALUE_BINARY || first == SYNTAX_LIST_VALUE_DWORD) {
            values(list, "", values);
            return values;
        }
        int properties = list.getInt();
        for (int i = 0; i < properties || properties < 0; i++) {
            require(list, 8, "the name of a property");
            int syntax = list.getInt();
            if (syntax != SYNTAX_NAME) {
                throw new MalformedListException(String.format(
                        Locale.ROOT, "the list has a value of syntax 0x%08X where a property's name belongs", syntax));
            }
            ByteBuffer name = data(list);
            values(list, text(name, 0, name.limit() / 2), values);
        }
        return values;
    }

    private static void values(ByteBuffer list, String property, List<Value> values) throws MalformedListException {
        while (list.hasRemaining()) {
            require(list, 4, "a syntax");
            int syntax = list.getInt();
            if (syntax == SYNTAX_ENDMARK) {
                return;
            }
            values.add(new Value(property, syntax, data(list)));
        }
    }

    /** A length, that many bytes, and padding, which the length does not include and which may be missing at the end. */
    private static ByteBuffer data(ByteBuffer list) throws MalformedListException {
        require(list, 4, "the length of a value");
        int length = list.getInt();
        if (length < 0 || length > list.remaining()) {
            throw new MalformedListException(
                    "a value of " + Integer.toUnsignedString(length) + " bytes, with " + list.remaining() + " left");
        }
        int start = list.position();
        ByteBuffer data = list.slice(start, length).order(ByteOrder.LITTLE_ENDIAN);
        int padded = (length + 3) & ~3;
        list.position(start + Math.min(padded, list.limit() - start));
        return data;
    }

    private static void require(ByteBuffer list, int bytes, String what) throws MalformedListException {
        if (list.remaining() < bytes) {
            throw new MalformedListException("the list ends before " + what + ", at byte " + list.position());
        }
    }

    /** UTF-16 up to the first NUL or the given number of characters. Keeps half a surrogate pair: Windows allows it in names. */
    static String text(ByteBuffer bytes, int offset, int chars) {
        int end = 0;
        while (end < chars && bytes.getShort(offset + 2 * end) != 0) {
            end++;
        }
        char[] text = new char[end];
        for (int i = 0; i < end; i++) {
            text[i] = (char) bytes.getShort(offset + 2 * i);
        }
        return new String(text);
    }

    /** The same, but a known text if that is equal: a cluster repeats names for each node and volume. */
    static String text(ByteBuffer bytes, int offset, int chars, String known) {
        int length = known.length();
        for (int i = 0; i < Math.min(chars, length + 1); i++) {
            if (bytes.getShort(offset + 2 * i) != (i < length ? (short) known.charAt(i) : 0)) {
                return text(bytes, offset, chars);
            }
        }
        return length <= chars ? known : text(bytes, offset, chars);
    }

    /** The binary values of at least a size; ignores the rest of a longer one, because a later Windows may extend it. */
    static List<ByteBuffer> structures(ByteBuffer bytes, int size, String what) throws MalformedListException {
        List<ByteBuffer> structures = new ArrayList<>();
        for (Value value : parse(bytes)) {
            if (value.syntax() != SYNTAX_LIST_VALUE_BINARY) {
                throw new MalformedListException(
                        String.format(Locale.ROOT, "the list has a value of syntax 0x%08X", value.syntax()));
            }
            if (value.data().limit() < size) {
                throw new MalformedListException(
                        "a value of " + value.data().limit() + " bytes; " + what + " takes " + size);
            }
            structures.add(value.data());
        }
        return structures;
    }
}
