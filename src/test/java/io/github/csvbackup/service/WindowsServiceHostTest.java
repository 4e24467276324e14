package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the dispatcher of Windows receives; WindowsServiceIT runs a real one. */
class WindowsServiceHostTest {
    private final List<String> calls = new ArrayList<>();
    private int dispatcherFails;
    private @Nullable Pointer handle = Pointer.createConstant(9);

    private final Advapi32 api = (Advapi32) Proxy.newProxyInstance(
            Advapi32.class.getClassLoader(),
            new Class<?>[] {Advapi32.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "StartServiceCtrlDispatcher" -> dispatch((Memory) arguments[0]);
                case "RegisterServiceCtrlHandlerEx" -> {
                    calls.add("handler of " + arguments[0] + " answers "
                            + ((Advapi32.ControlHandler) arguments[1]).callback(1, 0, null, null));
                    yield handle;
                }
                case "SetServiceStatus" -> calls.add(arguments[0].equals(handle) ? status((Memory) arguments[1]) : "");
                default -> throw new AssertionError(method);
            });

    private static final class Service implements ServiceHost.Service {
        @Nullable
        ClassLoader loader;

        @Override
        public void main(Consumer<ServiceReport> reports) {
            loader = Thread.currentThread().getContextClassLoader();
            reports.accept(ServiceReport.running());
            reports.accept(ServiceReport.stopped(3));
        }

        @Override
        public int control(int control) {
            return 100 + control;
        }
    }

    /** Calls the function in the table on another thread, as Windows does. */
    private boolean dispatch(Memory table) throws Exception {
        if (dispatcherFails != 0) {
            Native.setLastError(dispatcherFails);
            return false;
        }
        calls.add("table of " + table.size() + " bytes for "
                + table.getPointer(0).getWideString(0) + ", ends with " + table.getPointer(16) + " and "
                + table.getPointer(24));
        Function main = Function.getFunction(table.getPointer(8));
        Thread ofWindows = new Thread(() -> main.invokeVoid(new Object[] {0, null}));
        ofWindows.setContextClassLoader(null);
        ofWindows.start();
        ofWindows.join();
        return true;
    }

    private static String status(Memory status) {
        StringBuilder text = new StringBuilder("status");
        for (int at = 0; at < status.size(); at += 4) {
            text.append(' ').append(status.getInt(at));
        }
        return text.toString();
    }

    @Test
    void tellsWindowsTheFunctionTheHandlerAndEachState() throws ServiceException {
        Service service = new Service();

        new WindowsServiceHost(api).run("CsvBackupAgent", service);

        assertThat(calls)
                .containsExactly(
                        "table of 32 bytes for CsvBackupAgent, ends with null and null",
                        "handler of CsvBackupAgent answers 101",
                        "status 16 4 261 0 0 0 0",
                        "status 16 1 0 1066 3 0 0");
        assertThat(service.loader).as("Windows' thread has none").isEqualTo(WindowsServiceHost.class.getClassLoader());
    }

    @Test
    void onlyTheServiceManagerCanStartIt() {
        dispatcherFails = 1063;

        assertThatThrownBy(() -> new WindowsServiceHost(api).run("CsvBackupAgent", new Service()))
                .hasMessage("Only Windows' service manager can run this command; use service start.");
    }

    @Test
    void withoutAHandlerNothingStarts() throws ServiceException {
        handle = null;
        Service service = new Service();

        new WindowsServiceHost(api).run("CsvBackupAgent", service);

        assertThat(service.loader).isNull();
        assertThat(calls).hasSize(2);
    }
}
