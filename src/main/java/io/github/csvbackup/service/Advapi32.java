package io.github.csvbackup.service;

import com.sun.jna.Callback;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import org.jspecify.annotations.Nullable;

/**
 * Functions of advapi32.dll, as in winsvc.h, ntsecapi.h and winbase.h. On failure, GetLastError returns the code. The functions whose name begins with
 * Lsa return an NTSTATUS instead.
 */
interface Advapi32 extends StdCallLibrary {
    int SC_MANAGER_CONNECT = 0x1;
    int SC_MANAGER_CREATE_SERVICE = 0x2;

    int SERVICE_QUERY_CONFIG = 0x1;
    int SERVICE_CHANGE_CONFIG = 0x2;
    int SERVICE_QUERY_STATUS = 0x4;
    int SERVICE_START = 0x10;
    int SERVICE_STOP = 0x20;
    int DELETE = 0x10000;

    int SERVICE_WIN32_OWN_PROCESS = 0x10;
    int SERVICE_AUTO_START = 2;
    int SERVICE_ERROR_NORMAL = 1;
    int SERVICE_NO_CHANGE = -1;

    int SC_STATUS_PROCESS_INFO = 0;
    int SERVICE_CONFIG_DESCRIPTION = 1;
    int SERVICE_CONFIG_FAILURE_ACTIONS = 2;
    int SERVICE_CONFIG_DELAYED_AUTO_START_INFO = 3;
    int SERVICE_CONFIG_FAILURE_ACTIONS_FLAG = 4;
    int SERVICE_CONFIG_PRESHUTDOWN_INFO = 7;
    int SC_ACTION_RESTART = 1;

    int POLICY_CREATE_ACCOUNT = 0x10;
    int POLICY_LOOKUP_NAMES = 0x800;

    @Nullable
    Pointer OpenSCManager(@Nullable String machine, String database, int access);

    @Nullable
    Pointer OpenService(Pointer manager, String name, int access);

    /** The account null: LocalSystem. */
    @Nullable
    Pointer CreateService(
            Pointer manager,
            String name,
            String displayName,
            int access,
            int type,
            int startType,
            int errorControl,
            String commandLine,
            @Nullable String loadOrderGroup,
            @Nullable Pointer tag,
            @Nullable String dependencies,
            @Nullable String account,
            @Nullable String password);

    /** A null leaves that setting as it is. */
    boolean ChangeServiceConfig(
            Pointer service,
            int type,
            int startType,
            int errorControl,
            String commandLine,
            @Nullable String loadOrderGroup,
            @Nullable Pointer tag,
            @Nullable String dependencies,
            @Nullable String account,
            @Nullable String password,
            String displayName);

    boolean ChangeServiceConfig2(Pointer service, int level, Memory information);

    /** Fails with 122 and the size that it needs, if the size is too small. */
    boolean QueryServiceConfig(Pointer service, @Nullable Memory config, int size, IntByReference needed);

    boolean QueryServiceStatusEx(Pointer service, int level, byte[] status, int size, IntByReference needed);

    boolean DeleteService(Pointer service);

    boolean StartService(Pointer service, int arguments, @Nullable Pointer vector);

    boolean ControlService(Pointer service, int control, byte[] status);

    boolean CloseServiceHandle(Pointer handle);

    /** Blocks until the service has stopped. */
    boolean StartServiceCtrlDispatcher(Memory table);

    @Nullable
    Pointer RegisterServiceCtrlHandlerEx(String name, ControlHandler handler, @Nullable Pointer context);

    boolean SetServiceStatus(Pointer handle, Memory status);

    boolean LookupAccountName(
            @Nullable String machine,
            String account,
            byte @Nullable [] sid,
            IntByReference sidSize,
            char @Nullable [] domain,
            IntByReference domainSize,
            IntByReference use);

    boolean LookupAccountSid(
            @Nullable String machine,
            byte[] sid,
            char[] name,
            IntByReference nameSize,
            char[] domain,
            IntByReference domainSize,
            IntByReference use);

    int LsaOpenPolicy(@Nullable Pointer system, Memory attributes, int access, PointerByReference policy);

    int LsaEnumerateAccountRights(Pointer policy, byte[] sid, PointerByReference rights, IntByReference count);

    int LsaAddAccountRights(Pointer policy, byte[] sid, Memory rights, int count);

    int LsaRemoveAccountRights(Pointer policy, byte[] sid, boolean all, Memory rights, int count);

    int LsaNtStatusToWinError(int status);

    int LsaFreeMemory(Pointer memory);

    int LsaClose(Pointer policy);

    /** LPSERVICE_MAIN_FUNCTIONW. A 64-bit Windows has one calling convention, so this and the next need not be of stdcall. */
    interface ServiceMain extends Callback {
        void callback(int count, @Nullable Pointer arguments);
    }

    /** LPHANDLER_FUNCTION_EX. */
    interface ControlHandler extends Callback {
        int callback(int control, int eventType, @Nullable Pointer eventData, @Nullable Pointer context);
    }

    /** The address of a callback, for a table of the system. */
    static Pointer address(Callback callback) {
        return com.sun.jna.CallbackReference.getFunctionPointer(callback);
    }
}
