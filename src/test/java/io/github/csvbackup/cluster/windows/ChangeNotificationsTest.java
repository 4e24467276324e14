package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.win32.StdCallLibrary;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.cluster.Win32Error;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A port that tells what the test hands in, and everything that happens around it, in its order. */
@Timeout(60)
class ChangeNotificationsTest {
    private static final Event PLAIN = new Event(0, 0xA, 0x1);

    private final BlockingQueue<String> happened = new LinkedBlockingQueue<>();
    private final Port port = new Port();
    private final ChangeNotifications notifications =
            new ChangeNotifications(() -> libraries(port), () -> happened.add("wake"));

    /** What GetClusterNotifyV2 returns, and what it fills in. */
    private record Event(int code, int type, long mask) {}

    private final class Port implements NotifyPorts {
        final BlockingQueue<Event> due = new LinkedBlockingQueue<>();
        volatile boolean none;

        @Override
        public @Nullable Pointer CreateClusterNotifyPortV2(
                Pointer port, Pointer cluster, byte[] filters, int count, Pointer key) {
            happened.add("CreateClusterNotifyPortV2");
            Native.setLastError(5);
            return none ? null : Pointer.createConstant(2);
        }

        @Override
        public int GetClusterNotifyV2(
                Pointer port,
                LongByReference key,
                byte[] filterAndType,
                byte @Nullable [] buffer,
                @Nullable IntByReference bufferSize,
                char @Nullable [] objectId,
                @Nullable IntByReference objectIdLength,
                char @Nullable [] parentId,
                @Nullable IntByReference parentIdLength,
                char @Nullable [] name,
                @Nullable IntByReference nameLength,
                char @Nullable [] type,
                @Nullable IntByReference typeLength,
                int milliseconds) {
            try {
                Event event = due.poll(20, TimeUnit.MILLISECONDS);
                if (event == null) {
                    return NotifyPorts.WAIT_TIMEOUT;
                }
                ByteBuffer.wrap(filterAndType)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(0, event.type())
                        .putLong(8, event.mask());
                return event.code();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean CloseClusterNotifyPort(Pointer port) {
            return happened.add("CloseClusterNotifyPort");
        }
    }

    private Libraries libraries(@Nullable NotifyPorts ports) {
        ClusApi cluster = stub(ClusApi.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "GetNodeClusterState" -> {
                ((IntByReference) arguments[1]).setValue(ClusApi.CLUSTER_STATE_RUNNING);
                yield 0;
            }
            case "OpenClusterEx" -> {
                happened.add("OpenClusterEx");
                yield Pointer.createConstant(1);
            }
            case "CloseCluster" -> happened.add("CloseCluster");
            default -> throw new AssertionError(method);
        });
        return new Libraries(
                cluster,
                stub(ResUtils.class, ChangeNotificationsTest::nothing),
                new SystemCalls(stub(Kernel32.class, ChangeNotificationsTest::nothing)),
                stub(Advapi32.class, ChangeNotificationsTest::nothing),
                ports);
    }

    private static Object nothing(Object proxy, Method method, Object[] arguments) {
        throw new AssertionError(method);
    }

    private static <T extends StdCallLibrary> T stub(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private void expect(String... events) throws InterruptedException {
        for (String event : events) {
            assertThat(happened.poll(30, TimeUnit.SECONDS)).isEqualTo(event);
        }
    }

    private void listening() throws InterruptedException {
        notifications.start();
        expect("OpenClusterEx", "CreateClusterNotifyPortV2");
    }

    @AfterEach
    void end() {
        notifications.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0xA,0x1",
        "0xA,0x2",
        "0xA,0x4",
        "0x3,0x4",
        "0x3,0x80",
        "0x3,0x200",
        "0x2,0x10",
        "0x7,0x10",
        "0x1,0x200",
        "0x1,0x800"
    })
    void aChangeAndLostNotificationsWakeAndThePortStays(String type, String mask) throws Exception {
        listening();
        port.due.add(new Event(0, Integer.decode(type), Long.decode(mask)));
        expect("wake");

        port.due.add(PLAIN);

        expect("wake");
    }

    @ParameterizedTest
    @ValueSource(longs = {0x1, 0x8, 0x9, 0x808})
    void aReconnectOrAClosedHandleWakesAndGivesThePortUp(long mask) throws Exception {
        listening();

        port.due.add(new Event(0, 0x1, mask));

        expect("wake", "CloseClusterNotifyPort", "CloseCluster");
    }

    @Test
    void eachCodeOfTheTableWakesAndGivesThePortUp() throws Exception {
        for (Win32Error error : Win32Error.all()) {
            if (error.code() == 0 || error.code() == NotifyPorts.WAIT_TIMEOUT) {
                continue;
            }
            ChangeNotifications each = new ChangeNotifications(() -> libraries(port), () -> happened.add("wake"));
            each.start();
            expect("OpenClusterEx", "CreateClusterNotifyPortV2");

            port.due.add(new Event(error.code(), 0xA, 0x1));

            expect("wake", "CloseClusterNotifyPort", "CloseCluster");
            each.close();
        }
    }

    @Test
    void withoutAPortTheClusterIsClosed() throws Exception {
        port.none = true;
        listening();

        expect("CloseCluster");
    }

    @Test
    void theEndClosesThePort() throws Exception {
        listening();

        notifications.close();

        expect("CloseClusterNotifyPort", "CloseCluster");
        assertThat(happened).isEmpty();
    }

    @Test
    void anInterruptOfTheHostEndsNoListening() throws Exception {
        listening();
        Thread attending = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("csv-backup-changes"))
                .findAny()
                .orElseThrow();
        attending.interrupt();
        while (attending.isInterrupted()) {
            Thread.onSpinWait();
        }

        port.due.add(PLAIN);

        expect("wake");
        assertThat(attending.isAlive()).isTrue();
        assertThat(happened).as("nothing was opened a second time").isEmpty();
        assertThat(notifications.loop().isInTrouble()).isFalse();
    }

    @Test
    void anErrorOfTheLibrariesIsSaidAndEndsNothing() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        ChangeNotifications failing = new ChangeNotifications(
                () -> {
                    asked.countDown();
                    throw new OutOfMemoryError("planted");
                },
                () -> {});
        try (failing;
                LogLines lines = new LogLines(ChangeNotifications.class.getName())) {
            failing.start();
            asked.await();
            while (lines.lines().isEmpty()) {
                Thread.onSpinWait();
            }

            assertThat(lines.lines())
                    .singleElement()
                    .asString()
                    .endsWith("No change notifications for now, polls go on: java.lang.OutOfMemoryError: planted");
            assertThat(failing.loop().isOpen()).isTrue();
            assertThat(failing.loop().isInTrouble()).isFalse();
        }
    }
}
