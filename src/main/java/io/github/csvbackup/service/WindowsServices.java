package io.github.csvbackup.service;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.win32.W32APIOptions;
import java.util.List;
import java.util.function.Supplier;

/** The service manager, the service dispatcher and the ports of this Windows. Each loads JNA. */
public final class WindowsServices {
    private WindowsServices() {}

    public static ServiceManager manager() throws ServiceException {
        return new WindowsServiceManager(load());
    }

    public static ServiceHost host() throws ServiceException {
        return new WindowsServiceHost(load());
    }

    /** The programs that listen on TCP ports. */
    public static List<PortListener> listeners() throws ServiceException {
        return new WindowsPorts(load("iphlpapi", IpHelper.class)).listeners();
    }

    private static Advapi32 load() throws ServiceException {
        return load("advapi32", Advapi32.class);
    }

    private static <T extends Library> T load(String library, Class<T> functions) throws ServiceException {
        return loaded(library, () -> Native.load(library, functions, W32APIOptions.UNICODE_OPTIONS));
    }

    /** JNA itself throws a plain Error, of several lines, if it finds a library of another version of JNA. */
    static <T> T loaded(String library, Supplier<T> load) throws ServiceException {
        try {
            return load.get();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error e) {
            throw new ServiceException(
                    library + ".dll cannot be loaded: " + e.toString().strip().replaceAll("\\s+", " ") + ".");
        }
    }
}
