package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.http.Request;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Identity;
import io.github.csvbackup.security.Role;
import java.util.Set;
import javax.management.ObjectName;
import org.jolokia.restrictor.Restrictor;
import org.jolokia.util.HttpMethod;
import org.jolokia.util.RequestType;

/** What the request of the current thread may do, depending on its method and its sender. */
final class AccessPolicy implements Restrictor {
    private static final Set<RequestType> TYPES = Set.of(
            RequestType.READ,
            RequestType.LIST,
            RequestType.SEARCH,
            RequestType.VERSION,
            RequestType.EXEC,
            RequestType.WRITE);

    private final DomainMBeans beans;
    private final AnonymousAccess anonymous;
    private final OperationLimits limits;

    AccessPolicy(DomainMBeans beans, AnonymousAccess anonymous, OperationLimits limits) {
        this.beans = beans;
        this.anonymous = anonymous;
        this.limits = limits;
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return TYPES.contains(type);
    }

    /**
     * Refuses all that the sender may not do whatever the MBean.
     *
     * @throws SecurityException if it is another node of the cluster, which may only execute an operation
     */
    static void checkType(RequestType type) {
        Identity who = CurrentRequest.get()
                .map(current -> current.request().identity())
                .orElse(Identity.ANONYMOUS);
        if (who.isPeer() && type != RequestType.EXEC) {
            throw new SecurityException(who.refusalOfPeer());
        }
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        return beans.contains(name);
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        CurrentRequest current = CurrentRequest.get().orElse(null);
        if (!beans.contains(name) || current == null) {
            return false;
        }
        requirePost(current.request(), "write an attribute");
        refuseUnlessEntitled(current.request().identity(), "Writing " + attribute, Role.OPERATOR);
        if (beans.isReadOnly(name, attribute)) {
            throw new SecurityException("The attribute " + attribute + " cannot be changed.");
        }
        return true;
    }

    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        CurrentRequest current = CurrentRequest.get().orElse(null);
        if (!beans.contains(name) || current == null) {
            return false;
        }
        Request request = current.request();
        String bare = DomainMBeans.bareName(operation);
        requirePost(request, "execute an operation");
        refuseUnlessEntitled(request.identity(), bare, beans.needs(name, bare));
        if (!limits.tryCall(request)) {
            throw new TooManyRequestsException(bare);
        }
        // Operations may wait for the cluster; the limit keeps the other threads of the server free for reading.
        if (!current.takePlace(limits)) {
            throw new TooManyRequestsException(bare);
        }
        return true;
    }

    private static void requirePost(Request request, String action) {
        if (!request.method().equals("POST")) {
            throw new SecurityException("Use POST to " + action + ", not " + request.method() + ".");
        }
    }

    /** A request without credentials gets 401; a known user without the role gets 403. */
    private void refuseUnlessEntitled(Identity identity, String action, Role needed) {
        boolean isAnonymous = identity.role() == Role.ANONYMOUS;
        if (isAnonymous && (needed != Role.ANONYMOUS || !anonymous.mayAssess())) {
            throw new CredentialsNeededException(action);
        }
        if (!identity.role().includes(needed)) {
            if (identity.isPeer()) {
                throw new SecurityException(identity.refusalOfPeer());
            }
            throw new SecurityException(action + " requires the operator role, and " + identity.name()
                    + " is a reader. Ask an operator, or change your role in the users file.");
        }
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
