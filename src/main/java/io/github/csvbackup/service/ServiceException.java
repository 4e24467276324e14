package io.github.csvbackup.service;

/** Installing or controlling the service failed. The message is one line for users, and says what to do. */
public final class ServiceException extends Exception {
    /** Codes of winerror.h. */
    static final int ACCESS_DENIED = 5;

    static final int INVALID_LEVEL = 124;
    static final int ALREADY_RUNNING = 1056;
    static final int DOES_NOT_EXIST = 1060;
    static final int NOT_ACTIVE = 1062;
    static final int NOT_STARTED_BY_THE_MANAGER = 1063;

    private final int code;

    public ServiceException(String message) {
        this(message, 0);
    }

    private ServiceException(String message, int code) {
        super(message);
        this.code = code;
    }

    /** The failure of a function of Windows. */
    static ServiceException win32(String function, int code) {
        return new ServiceException(
                switch (code) {
                    case ACCESS_DENIED ->
                        "Access is denied. Run this command as an administrator: open the console with \"Run as"
                                + " administrator\".";
                    case 1051, 1052, 1061 ->
                        "The service does not accept this command now (Win32 error " + code
                                + "). Try again in a minute.";
                    case 1053 ->
                        "The service did not connect to Windows' service manager in time (1053). Try its command by hand:"
                                + " sc qc CsvBackupAgent shows it.";
                    case 1057, 1332 ->
                        "The account of the service does not exist (Win32 error " + code
                                + "). Check the name given with --account.";
                    case 1058 ->
                        "The service is disabled (1058). Enable it: sc config CsvBackupAgent start= delayed-auto.";
                    case DOES_NOT_EXIST -> "The service is not installed.";
                    case NOT_STARTED_BY_THE_MANAGER ->
                        "Only Windows' service manager can run this command; use service start.";
                    case 1069 ->
                        "Windows could not log on the account of the service (1069). Check the account in services.msc, and"
                                + " its right \"Log on as a service\".";
                    case 1072 ->
                        "The service is marked for deletion (1072). Close services.msc and other programs that show services,"
                                + " then try again.";
                    default ->
                        function + " failed with Win32 error " + code + "; look it up with: net helpmsg " + code + ".";
                },
                code);
    }

    /** The Win32 code; 0 if it is none of Windows. */
    int code() {
        return code;
    }
}
