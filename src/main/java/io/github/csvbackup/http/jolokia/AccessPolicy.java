package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.http.Request;
import io.github.csvbackup.security.RateLimit;
import io.github.csvbackup.security.Role;
import java.util.Set;
import java.util.concurrent.Semaphore;
import javax.management.ObjectName;
import org.jolokia.restrictor.Restrictor;
import org.jolokia.util.HttpMethod;
import org.jolokia.util.RequestType;
import org.jspecify.annotations.Nullable;

/** What a request may do, by its method and its token. The request is the one of the current thread. */
final class AccessPolicy implements Restrictor {
    private static final Set<RequestType> TYPES =
            Set.of(RequestType.READ, RequestType.LIST, RequestType.SEARCH, RequestType.VERSION, RequestType.EXEC);

    private static final ThreadLocal<@Nullable Request> CURRENT = new ThreadLocal<>();

    private static final ThreadLocal<@Nullable Boolean> PLACED = new ThreadLocal<>();
    private static final int OPERATIONS_AT_ONCE = 4;

    private final Semaphore places = new Semaphore(OPERATIONS_AT_ONCE);
    private final DomainMBeans beans;
    private final RateLimit readersOperations;

    AccessPolicy(DomainMBeans beans, RateLimit readersOperations) {
        this.beans = beans;
        this.readersOperations = readersOperations;
    }

    void enter(Request request) {
        CURRENT.set(request);
    }

    void leave() {
        CURRENT.remove();
        if (PLACED.get() != null) {
            PLACED.remove();
            places.release();
        }
    }

    /** Operations may wait for the cluster: the server's other threads stay free for those who only read. */
    private void takePlace(String operation) {
        if (PLACED.get() == null) {
            if (!places.tryAcquire()) {
                throw new TooManyRequestsException(operation);
            }
            PLACED.set(true);
        }
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return TYPES.contains(type);
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        return beans.contains(name);
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        return false;
    }

    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        Request request = CURRENT.get();
        if (!beans.contains(name) || request == null) {
            return false;
        }
        String bare = operation.contains("(") ? operation.substring(0, operation.indexOf('(')) : operation;
        if (!request.method().equals("POST")) {
            throw new SecurityException("Executing needs POST, not " + request.method() + ".");
        }
        if (beans.needs(name, bare) == Role.READER) {
            if (!request.operator() && !readersOperations.tryTake()) {
                throw new TooManyRequestsException(bare);
            }
        } else if (!request.operator()) {
            throw new OperatorNeededException(bare);
        }
        takePlace(bare);
        return true;
    }

    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return true;
    }

    @Override
    public boolean isRemoteAccessAllowed(String... hosts) {
        return true;
    }

    @Override
    public boolean isOriginAllowed(String origin, boolean strict) {
        return false;
    }
}
