package io.github.csvbackup.service;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.win32.W32APIOptions;
import java.util.List;

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
        try {
            return Native.load(library, functions, W32APIOptions.UNICODE_OPTIONS);
        } catch (UnsatisfiedLinkError e) {
            throw new ServiceException(library + ".dll cannot be loaded: " + e.getMessage() + ".");
        }
    }
}
