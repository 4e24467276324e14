package io.github.csvbackup.cluster.windows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO returns: a value list of CLUSPROP_BINARY ([MS-CMRP] 3.1.4.3.1.48), each a
 * syntax, a length, that many bytes, and padding to four bytes; a syntax of zero ends it. Pure: bytes in, volumes out.
 */
final class VolumeInfoList {
    private static final int SYNTAX_ENDMARK = 0;
    private static final int SYNTAX_LIST_VALUE_BINARY = 0x00010001;
    private static final int SIZE = 640;
    private static final int FAULT_STATE = 12;
    private static final int BACKUP_STATE = 16;
    private static final int FRIENDLY_NAME = 20;
    private static final int FRIENDLY_NAME_CHARS = 260;
    private static final int VOLUME_NAME = 540;
    private static final int VOLUME_NAME_CHARS = 50;

    private VolumeInfoList() {}

    /**
     * The volumes of a list; none if it is empty. An item may be longer than today's structure; what follows is passed over.
     *
     * @throws MalformedListException if any part does not fit
     */
    static List<VolumeInfo> parse(byte[] bytes) throws MalformedListException {
        ByteBuffer list = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<VolumeInfo> volumes = new ArrayList<>();
        while (list.hasRemaining()) {
            if (list.remaining() < 4) {
                throw new MalformedListException("the list ends within a syntax, at byte " + list.position());
            }
            int syntax = list.getInt();
            if (syntax == SYNTAX_ENDMARK) {
                return volumes;
            }
            if (syntax != SYNTAX_LIST_VALUE_BINARY) {
                throw new MalformedListException(String.format("the list has a value of syntax 0x%08X", syntax));
            }
            volumes.add(value(list));
        }
        return volumes;
    }

    private static VolumeInfo value(ByteBuffer list) throws MalformedListException {
        if (list.remaining() < 4) {
            throw new MalformedListException("the list ends before the length of a value");
        }
        int length = list.getInt();
        if (length < SIZE || length > list.remaining()) {
            throw new MalformedListException("a value of " + Integer.toUnsignedString(length) + " bytes, with "
                    + list.remaining() + " left; a volume takes " + SIZE);
        }
        int start = list.position();
        VolumeInfo info = new VolumeInfo(
                list.getInt(start + FAULT_STATE),
                list.getInt(start + BACKUP_STATE),
                text(list, start + FRIENDLY_NAME, FRIENDLY_NAME_CHARS),
                text(list, start + VOLUME_NAME, VOLUME_NAME_CHARS));
        if (info.friendlyName().isEmpty() || info.volumeName().isEmpty()) {
            throw new MalformedListException("a volume without a name");
        }
        int padded = (length + 3) & ~3;
        list.position(start + Math.min(padded, list.limit() - start));
        return info;
    }

    /** UTF-16 up to the first NUL. */
    static String text(ByteBuffer bytes, int offset, int chars) {
        int end = 0;
        while (end < chars && bytes.getShort(offset + 2 * end) != 0) {
            end++;
        }
        byte[] text = new byte[2 * end];
        bytes.get(offset, text);
        return new String(text, StandardCharsets.UTF_16LE);
    }
}
