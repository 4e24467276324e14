package io.github.csvbackup.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Windows' service control manager: what installing and controlling a service needs of it. */
public interface ServiceManager {
    /**
     * Fails unless this account may create services.
     *
     * @throws ServiceException if it is not an administrator
     */
    void requireAdministrator() throws ServiceException;

    /** The service; null if there is none of that name. */
    @Nullable
    InstalledService find(String name) throws ServiceException;

    /** Creates a service with command line, account and display name; {@link #configure} does the rest. */
    void create(String name, ServiceSettings settings) throws ServiceException;

    /** Changes command line, account and display name; takes effect at the next start. */
    void change(String name, ServiceSettings settings) throws ServiceException;

    /**
     * Sets everything else: description, delayed start, recovery, the time for a shutdown.
     *
     * @return what this system does not have, each in words
     */
    List<String> configure(String name, ServiceSettings settings) throws ServiceException;

    void delete(String name) throws ServiceException;

    /** Requests the start, and does not wait for it. */
    void start(String name) throws ServiceException;

    /** Requests the stop, and does not wait for it. */
    void stop(String name) throws ServiceException;

    /**
     * The name by which this Windows finds the account of a service, such as {@code NT-AUTORITÄT\SYSTEM} for {@code LocalSystem}, and
     * {@code NODE1\backup} for {@code .\backup}.
     */
    String accountName(String account) throws ServiceException;

    /**
     * Gives an account the right to log on as a service.
     *
     * @return false if it had that right
     */
    boolean grantLogon(String account) throws ServiceException;

    void revokeLogon(String account) throws ServiceException;
}
