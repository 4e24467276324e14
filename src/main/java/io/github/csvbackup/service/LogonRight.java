package io.github.csvbackup.service;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The right of an account to log on as a service, in the local security policy of this machine (ntsecapi.h). */
final class LogonRight implements AutoCloseable {
    private static final String NAME = "SeServiceLogonRight";
    /** LSA_OBJECT_ATTRIBUTES and LSA_UNICODE_STRING on a 64-bit Windows. */
    private static final int ATTRIBUTES_BYTES = 48;

    private static final int UNICODE_STRING_BYTES = 16;
    private static final int UNICODE_STRING_TEXT = 8;
    /** A UTF-16 character of Windows. */
    private static final int CHARACTER_BYTES = 2;

    private static final int LARGEST_SID = 68;
    private static final int LARGEST_DOMAIN = 256;

    private final Advapi32 api;
    private final Pointer policy;
    private final byte[] sid;

    private LogonRight(Advapi32 api, Pointer policy, byte[] sid) {
        this.api = api;
        this.policy = policy;
        this.sid = sid;
    }

    /** @throws ServiceException if the account does not exist, or if this process may not change the policy */
    static LogonRight open(Advapi32 api, String account) throws ServiceException {
        byte[] sid = sid(api, account);
        Memory attributes = new Memory(ATTRIBUTES_BYTES);
        attributes.clear();
        attributes.setInt(0, ATTRIBUTES_BYTES);
        PointerByReference policy = new PointerByReference();
        check(
                api,
                "LsaOpenPolicy",
                api.LsaOpenPolicy(
                        null, attributes, Advapi32.POLICY_LOOKUP_NAMES | Advapi32.POLICY_CREATE_ACCOUNT, policy));
        return new LogonRight(api, policy.getValue(), sid);
    }

    private static byte[] sid(Advapi32 api, String account) throws ServiceException {
        byte[] sid = new byte[LARGEST_SID];
        IntByReference size = new IntByReference(sid.length);
        if (!api.LookupAccountName(
                null,
                account,
                sid,
                size,
                new char[LARGEST_DOMAIN],
                new IntByReference(LARGEST_DOMAIN),
                new IntByReference())) {
            throw ServiceException.win32("LookupAccountName", Native.getLastError());
        }
        return Arrays.copyOf(sid, size.getValue());
    }

    private static void check(Advapi32 api, String function, int status) throws ServiceException {
        if (status != 0) {
            throw ServiceException.win32(function, api.LsaNtStatusToWinError(status));
        }
    }

    /** Returns false if the account has that right itself; one that it has through a group does not count. */
    boolean grant() throws ServiceException {
        if (isGranted()) {
            return false;
        }
        Memory text = ServiceStructures.wideText(NAME);
        check(api, "LsaAddAccountRights", api.LsaAddAccountRights(policy, sid, unicode(text), 1));
        return true;
    }

    void revoke() throws ServiceException {
        Memory text = ServiceStructures.wideText(NAME);
        check(api, "LsaRemoveAccountRights", api.LsaRemoveAccountRights(policy, sid, false, unicode(text), 1));
    }

    /** An account without any right is an error for this function, which is the same as a list without this one. */
    private boolean isGranted() {
        PointerByReference rights = new PointerByReference();
        IntByReference count = new IntByReference();
        if (api.LsaEnumerateAccountRights(policy, sid, rights, count) != 0 || rights.getValue() == null) {
            return false;
        }
        Pointer list = rights.getValue();
        try {
            for (int i = 0; i < count.getValue(); i++) {
                long at = (long) i * UNICODE_STRING_BYTES;
                Pointer text = list.getPointer(at + UNICODE_STRING_TEXT);
                int bytes = Short.toUnsignedInt(list.getShort(at));
                if (text != null && NAME.equals(new String(text.getByteArray(0, bytes), StandardCharsets.UTF_16LE))) {
                    return true;
                }
            }
            return false;
        } finally {
            api.LsaFreeMemory(list);
        }
    }

    /** It does not contain the text, only its address. */
    private static Memory unicode(Memory text) {
        Memory string = new Memory(UNICODE_STRING_BYTES);
        string.clear();
        string.setShort(0, (short) (NAME.length() * CHARACTER_BYTES));
        string.setShort(2, (short) ((NAME.length() + 1) * CHARACTER_BYTES));
        string.setPointer(UNICODE_STRING_TEXT, text);
        return string;
    }

    @Override
    public void close() {
        api.LsaClose(policy);
    }
}
