package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VolumeInfoListTest {
    private static final String GUID = "\\\\?\\Volume{5f0c9a10-0000-4000-8000-00000000c5f1}\\";

    /** A value list in the layout of windows-api.md: 648 bytes per volume and one end mark. */
    private static byte[] list(int valueLength, boolean endMark, int... backupStates) {
        int padded = (valueLength + 3) & ~3;
        ByteBuffer list = ByteBuffer.allocate((8 + padded) * backupStates.length + (endMark ? 4 : 0))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < backupStates.length; i++) {
            int at = (8 + padded) * i;
            list.putInt(at, 0x00010001).putInt(at + 4, valueLength);
            list.putInt(at + 8 + 12, 1).putInt(at + 8 + 16, backupStates[i]);
            list.put(at + 28, ("D:\\Daten \u00e4" + i).getBytes(StandardCharsets.UTF_16LE));
            list.put(at + 548, GUID.getBytes(StandardCharsets.UTF_16LE));
        }
        return list.array();
    }

    private static List<VolumeInfo> parse(byte[] list) throws MalformedListException {
        return VolumeInfoList.parse(ByteBuffer.wrap(list));
    }

    @Test
    void readsOneAndSeveralVolumesWithTheirOwnStates() throws Exception {
        assertThat(list(640, true, 1)).hasSize(652);
        assertThat(parse(list(640, true, 1))).containsExactly(new VolumeInfo(1, 1, "D:\\Daten \u00e40", GUID));
        assertThat(parse(list(640, true, 0, 1, 7)))
                .extracting(VolumeInfo::backupState)
                .containsExactly(0, 1, 7);
    }

    private static byte[] named(String volumeName) {
        byte[] list = list(640, true, 1);
        Arrays.fill(list, 548, 548 + 100, (byte) 0);
        byte[] name = volumeName.getBytes(StandardCharsets.UTF_16LE);
        System.arraycopy(name, 0, list, 548, name.length);
        return list;
    }

    /** Shadow copies are found by this name: another form would find none, and a running backup would be missed. */
    @Test
    void theNameOfAVolumeIsInOneFormOrIsNone() throws Exception {
        assertThat(parse(named(GUID.substring(0, GUID.length() - 1))))
                .extracting(VolumeInfo::volumeName)
                .containsExactly(GUID);
        for (String other : new String[] {"", "\\\\?\\GLOBALROOT\\Device\\Harddisk1\\", "D:\\", GUID.substring(4)}) {
            assertThatThrownBy(() -> parse(named(other)))
                    .isInstanceOf(MalformedListException.class)
                    .hasMessageContaining("is not a volume's GUID name");
        }
    }

    @Test
    void anEmptyListIsNoAnswerSinceASharedDiskHasAVolume() {
        assertThatThrownBy(() -> parse(new byte[0])).hasMessage("it has no volume");
        assertThatThrownBy(() -> parse(new byte[4])).hasMessage("it has no volume");
    }

    @Test
    void takesLargerItemsAndAMissingEndMark() throws Exception {
        assertThat(parse(list(645, true, 1, 0))).hasSize(2);
        assertThat(parse(list(640, false, 1, 0))).hasSize(2);
    }

    @Test
    void rejectsWhatDoesNotFit() {
        byte[] good = list(640, true, 1);
        ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 639);
        assertThatThrownBy(() -> parse(good)).hasMessageContaining("a value of 639 bytes");
        ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).putInt(4, -1);
        assertThatThrownBy(() -> parse(good)).hasMessageContaining("4294967295 bytes");
        ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0x00010003);
        assertThatThrownBy(() -> parse(good)).hasMessageContaining("where a property's name belongs");
        assertThatThrownBy(() -> parse(new byte[] {1, 0, 1})).hasMessageContaining("before its first number");
        assertThatThrownBy(() -> parse(Arrays.copyOf(list(640, true, 1), 300))).hasMessageContaining("292 left");
        assertThatThrownBy(() -> parse(new byte[] {1, 0, 1, 0, 0})).hasMessageContaining("before the length");
    }

    @Test
    void neverInventsAVolumeFromMutatedBytes() {
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = list(640, true, 1, 0);
            for (int i = random.nextInt(8); i >= 0; i--) {
                bytes[random.nextInt(16)] = (byte) random.nextInt(256);
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            try {
                assertThat(parse(cut))
                        .hasSizeLessThanOrEqualTo(2)
                        .allMatch(info -> info.volumeName().equals(GUID));
            } catch (MalformedListException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
