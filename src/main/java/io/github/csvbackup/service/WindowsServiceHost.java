package io.github.csvbackup.service;

import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service dispatcher of Windows. */
final class WindowsServiceHost implements ServiceHost {
    private static final Logger LOG = LoggerFactory.getLogger(WindowsServiceHost.class);

    /** Windows calls into these for as long as the process lives, so nothing may collect them. */
    private static final List<Object> KEPT = new ArrayList<>();

    private final Advapi32 api;

    WindowsServiceHost(Advapi32 api) {
        this.api = api;
    }

    @Override
    public void run(String name, Service service) throws ServiceException {
        Advapi32.ServiceMain main = (count, arguments) -> main(name, service);
        Native.setCallbackThreadInitializer(main, new CallbackThreadInitializer(true, false, "csv-backup-service"));
        Memory serviceName = ServiceStructures.wideText(name);
        // SERVICE_TABLE_ENTRYW: one entry, and an empty one that ends the table.
        Memory table = new Memory(4L * Native.POINTER_SIZE);
        table.clear();
        table.setPointer(0, serviceName);
        table.setPointer(Native.POINTER_SIZE, Advapi32.address(main));
        KEPT.addAll(List.of(main, serviceName, table));
        if (!api.StartServiceCtrlDispatcher(table)) {
            throw ServiceException.win32("StartServiceCtrlDispatcher", Native.getLastError());
        }
    }

    private void main(String name, Service service) {
        // Windows created this thread, so it has no context class loader.
        Thread.currentThread().setContextClassLoader(WindowsServiceHost.class.getClassLoader());
        Advapi32.ControlHandler handler = (control, type, data, context) -> service.control(control);
        KEPT.add(handler);
        Pointer handle = api.RegisterServiceCtrlHandlerEx(name, handler, null);
        if (handle == null) {
            LOG.error(
                    "Windows did not accept the service: RegisterServiceCtrlHandlerEx failed with Win32 error {}",
                    Native.getLastError());
            return;
        }
        service.main(report -> {
            if (!api.SetServiceStatus(handle, ServiceStructures.status(report))) {
                LOG.warn(
                        "Windows did not accept the state of the service: SetServiceStatus failed with Win32 error {}",
                        Native.getLastError());
            }
        });
    }
}
