package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.VolumeIoState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lists of both forms: random ones are read correctly, and broken ones are never read past their end. */
class ClusPropListTest {
    private static final int NAME = 0x00040003;
    private static final String GUID = "\\\\?\\Volume{5f0c9a10-0000-4000-8000-00000000c5f1}\\";
    private final Random random = new Random(20_261_125);

    /** A value of a list. */
    private record Item(String property, int syntax, String hex) {
        Item(String property, int syntax, byte[] data) {
            this(property, syntax, HexFormat.of().formatHex(data));
        }

        byte[] data() {
            return HexFormat.of().parseHex(hex);
        }

        static Item of(ClusPropList.Value value) {
            byte[] data = new byte[value.data().limit()];
            value.data().get(0, data);
            return new Item(value.property(), value.syntax(), data);
        }
    }

    private static void put(ByteBuffer out, int syntax, byte[] data) {
        out.putInt(syntax).putInt(data.length).put(data).position((out.position() + 3) & ~3);
    }

    private static byte[] utf16(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_16LE);
    }

    private static byte[] valueList(List<Item> items, boolean endMark) {
        ByteBuffer out = ByteBuffer.allocate(64 * 1024).order(ByteOrder.LITTLE_ENDIAN);
        items.forEach(item -> put(out, item.syntax(), item.data()));
        if (endMark) {
            out.putInt(0);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] propertyList(List<Item> items) {
        ByteBuffer out = ByteBuffer.allocate(64 * 1024).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(items.size());
        for (Item item : items) {
            put(out, NAME, utf16(item.property()));
            put(out, item.syntax(), item.data());
            out.putInt(0);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private List<Item> items(boolean named) {
        List<Item> items = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            byte[] data = new byte[random.nextInt(700)];
            random.nextBytes(data);
            int syntax = i == 0 || random.nextBoolean()
                    ? ClusPropList.SYNTAX_LIST_VALUE_BINARY
                    : ClusPropList.SYNTAX_LIST_VALUE_DWORD;
            items.add(new Item(named ? "Property" + random.nextInt(1000) : "", syntax, data));
        }
        return items;
    }

    private static void assertSame(byte[] list, List<Item> expected) throws MalformedListException {
        assertThat(ClusPropList.parse(ByteBuffer.wrap(list)).stream()
                        .map(Item::of)
                        .toList())
                .isEqualTo(expected);
    }

    @Test
    void halfASurrogatePairStaysAndSoDoesItsNeighbour() {
        String name = "a\ud800b\udc00\ud83d\udcbe\ud83d";
        ByteBuffer bytes = ByteBuffer.allocate(2 * name.length()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asCharBuffer().put(name);

        assertThat(ClusPropList.text(bytes, 0, name.length())).isEqualTo(name);
    }

    @Test
    void randomListsComeBackAsTheyWere() throws Exception {
        for (int round = 0; round < 500; round++) {
            List<Item> values = items(false);
            assertSame(valueList(values, true), values);
            assertSame(valueList(values, false), values);
            List<Item> properties = items(true);
            assertSame(propertyList(properties), properties);
        }
    }

    @Test
    void noByteBeyondTheEndIsReadAndNothingButTheOneExceptionIsThrown() {
        for (int round = 0; round < 20_000; round++) {
            byte[] list = random.nextBoolean() ? valueList(items(false), true) : propertyList(items(true));
            for (int i = random.nextInt(6); i > 0; i--) {
                list[random.nextInt(Math.min(list.length, 64))] = (byte) random.nextInt(256);
            }
            byte[] cut = Arrays.copyOf(list, random.nextInt(list.length + 1));
            try {
                int bytes = 0;
                for (ClusPropList.Value value : ClusPropList.parse(ByteBuffer.wrap(cut))) {
                    bytes += value.data().limit();
                }
                assertThat(bytes).isLessThanOrEqualTo(cut.length);
            } catch (MalformedListException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void pureNoiseHoldsNoVolume() {
        for (int round = 0; round < 20_000; round++) {
            byte[] noise = new byte[random.nextInt(3000)];
            random.nextBytes(noise);
            assertThatThrownBy(() -> VolumeInfoList.parse(ByteBuffer.wrap(noise)))
                    .isInstanceOf(MalformedListException.class);
        }
    }

    @Test
    void aCountOfPropertiesThatTheListDoesNotHoldIsSaid() {
        byte[] list = propertyList(List.of(new Item("A", ClusPropList.SYNTAX_LIST_VALUE_DWORD, new byte[4])));
        ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 3);

        assertThatThrownBy(() -> ClusPropList.parse(ByteBuffer.wrap(list)))
                .hasMessageContaining("before the name of a property");
    }

    private static byte[] state(int size, int state, long reasons, long volumeReasons) {
        ByteBuffer info = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        info.put(0, utf16(GUID)).put(520, utf16("NODE1")).putInt(1040, state);
        if (size >= 1584) {
            info.put(1044, utf16("C:\\ClusterStorage\\Volume1\\"))
                    .putLong(1568, reasons)
                    .putLong(1576, volumeReasons);
        }
        return info.array();
    }

    private static byte[] states(byte[]... states) {
        return valueList(
                Arrays.stream(states)
                        .map(state -> new Item("", ClusPropList.SYNTAX_LIST_VALUE_BINARY, state))
                        .toList(),
                true);
    }

    private static List<VolumeIoState> ioStates(byte[] list, Map<String, String> paths) throws MalformedListException {
        return VolumeStateList.parse(ByteBuffer.wrap(list), paths, new HashMap<>());
    }

    @Test
    void ioStatesAreReadInBothForms() throws Exception {
        Map<String, String> paths = Map.of(GUID.toLowerCase(java.util.Locale.ROOT), "C:\\ClusterStorage\\Volume1");

        assertThat(ioStates(states(state(1584, 3, 0x20, 0), state(1044, 1, 0, 0)), paths))
                .containsExactly(
                        new VolumeIoState("C:\\ClusterStorage\\Volume1", GUID, "NODE1", 3, 0x20, 0),
                        new VolumeIoState("C:\\ClusterStorage\\Volume1", GUID, "NODE1", 1, 0, 0));
        assertThat(ioStates(states(state(1044, 1, 0, 0)), Map.of()))
                .extracting(VolumeIoState::friendlyPath)
                .containsExactly(GUID);
        assertThat(ioStates(new byte[4], paths)).isEmpty();
        assertThatThrownBy(() -> ioStates(states(new byte[1043]), paths))
                .hasMessage("a value of 1043 bytes; a volume's state takes 1044");
        assertThatThrownBy(() -> ioStates(states(new byte[1584]), paths))
                .hasMessage("a state without the name of its volume or node");
    }

    /** Names that begin alike, that fill their field, and an empty one. */
    @Test
    void aKnownTextIsReturnedOnlyIfItIsEqual() {
        List<String> names = List.of("", "NODE1", "NODE10", "NODE2");
        for (String name : names) {
            ByteBuffer field =
                    ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).put(4, utf16(name));
            for (String known : names) {
                assertThat(ClusPropList.text(field, 4, 8, known)).isEqualTo(name);
                assertThat(ClusPropList.text(field, 4, name.length(), known)).isEqualTo(name);
            }
            assertThat(ClusPropList.text(field, 4, 8, name)).isSameAs(name);
        }
    }

    @Test
    void everyReasonHasItsBitAndUnknownOnesStayNumbers() {
        VolumeIoState all = new VolumeIoState("C:\\V", GUID, "NODE1", 4, 0x3F, 0x7);
        assertThat(all.reasons()).containsExactly(VolumeIoState.Reason.values());
        assertThat(all.unknownReasons()).isEmpty();

        VolumeIoState unknown = new VolumeIoState("C:\\V", GUID, "NODE1", 7, Long.MIN_VALUE, 0x100);
        assertThat(unknown.reasons()).isEmpty();
        assertThat(unknown.unknownReasons()).isEqualTo("file system 0x8000000000000000, volume 0x100");
        assertThat(unknown.stateName()).isEqualTo("7");
    }
}
