package io.github.csvbackup.service;

import java.util.function.Consumer;

/** The process of a service, seen from inside: the service manager starts it, sends it controls and receives its reports. */
public interface ServiceHost {
    /**
     * Connects this process with the service manager, and blocks until the service has stopped.
     *
     * @throws ServiceException if the service manager did not start this process
     */
    void run(String name, Service service) throws ServiceException;

    /** The service in this process. Both methods are called on threads of the system. */
    interface Service {
        /** Runs the service until it has reported that it is stopped. */
        void main(Consumer<ServiceReport> reports);

        /** Receives a control, and returns at once. Returns the Win32 code of the answer. */
        int control(int control);
    }
}
