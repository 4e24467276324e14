package io.github.csvbackup.service;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The names of accounts, for the functions of Windows that look for one. The service manager has names of its own, and others are in Windows' language. */
final class AccountName {
    /** S-1-5, without the number that follows. */
    private static final byte[] NT_AUTHORITY = {1, 1, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0};

    private static final int NUMBER_AT = 8;
    private static final int SYSTEM = 18;
    private static final int LOCAL_SERVICE = 19;
    private static final int NETWORK_SERVICE = 20;
    private static final int LONGEST = 256;

    private AccountName() {}

    /**
     * The name by which this Windows finds the account of a service.
     *
     * @param account as the service manager keeps it
     * @param computer the name of this machine; null leaves the account of this machine as it is
     */
    static String of(Advapi32 api, String account, @Nullable String computer) throws ServiceException {
        return switch (account.toLowerCase(Locale.ROOT)) {
            case "localsystem" -> wellKnown(api, SYSTEM);
            case "nt authority\\localservice" -> wellKnown(api, LOCAL_SERVICE);
            case "nt authority\\networkservice" -> wellKnown(api, NETWORK_SERVICE);
            default -> computer != null && account.startsWith(".\\") ? computer + account.substring(1) : account;
        };
    }

    private static String wellKnown(Advapi32 api, int number) throws ServiceException {
        byte[] sid = NT_AUTHORITY.clone();
        sid[NUMBER_AT] = (byte) number;
        char[] name = new char[LONGEST];
        char[] domain = new char[LONGEST];
        if (!api.LookupAccountSid(
                null,
                sid,
                name,
                new IntByReference(LONGEST),
                domain,
                new IntByReference(LONGEST),
                new IntByReference())) {
            throw ServiceException.win32("LookupAccountSid", Native.getLastError());
        }
        return Native.toString(domain) + "\\" + Native.toString(name);
    }
}
