package io.github.csvbackup.service;

import java.util.Locale;

/** The accounts that the service can be given here: LocalSystem, and those whose passwords Windows manages. */
public final class AgentAccount {
    public static final String LOCAL_SYSTEM = "LocalSystem";

    private AgentAccount() {}

    /**
     * Returns the name as Windows' functions expect it.
     *
     * @throws ServiceException for an account with a password, which must not be on a command line
     */
    public static String of(String given) throws ServiceException {
        String lower = given.toLowerCase(Locale.ROOT);
        if (lower.equals("localsystem") || lower.equals(".\\localsystem") || lower.equals("nt authority\\system")) {
            return LOCAL_SYSTEM;
        }
        int slash = given.indexOf('\\');
        boolean managed = slash > 0 && given.endsWith("$") && given.length() > slash + 2;
        if (!managed || given.indexOf('\\', slash + 1) >= 0) {
            throw new ServiceException(
                    "The account '" + given + "' is not LocalSystem or a group managed service account"
                            + " (DOMAIN\\NAME$). Install the service without --account, then set an account with a password in"
                            + " services.msc, on the tab Log On: Windows also gives it the right to log on as a service there.");
        }
        return given;
    }
}
