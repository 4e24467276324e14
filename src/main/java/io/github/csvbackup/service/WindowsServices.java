package io.github.csvbackup.service;

import com.sun.jna.Native;
import com.sun.jna.win32.W32APIOptions;

/** The service manager and the service dispatcher of this Windows. Each loads JNA. */
public final class WindowsServices {
    private WindowsServices() {}

    public static ServiceManager manager() throws ServiceException {
        return new WindowsServiceManager(load());
    }

    public static ServiceHost host() throws ServiceException {
        return new WindowsServiceHost(load());
    }

    private static Advapi32 load() throws ServiceException {
        try {
            return Native.load("advapi32", Advapi32.class, W32APIOptions.UNICODE_OPTIONS);
        } catch (UnsatisfiedLinkError e) {
            throw new ServiceException("advapi32.dll cannot be loaded: " + e.getMessage() + ".");
        }
    }
}
