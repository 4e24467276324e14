package io.github.csvbackup.http.jolokia;

import java.util.List;
import java.util.Map;
import javax.management.InstanceNotFoundException;
import javax.management.IntrospectionException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ReflectionException;
import org.jolokia.request.JmxExecRequest;
import org.jspecify.annotations.Nullable;

/** Checks the arguments of a request, because Jolokia would guess a value or answer with the message of a number parser. */
final class ArgumentCheck {
    private record WholeNumbers(long least, long most) {}

    private static final Map<String, WholeNumbers> WHOLE = Map.of(
            "int", new WholeNumbers(Integer.MIN_VALUE, Integer.MAX_VALUE),
            "long", new WholeNumbers(Long.MIN_VALUE, Long.MAX_VALUE));

    private static final String TEXTS = String[].class.getName();

    private ArgumentCheck() {}

    /**
     * Checks the types. Jolokia itself reports an unknown operation and a wrong number of arguments.
     *
     * @throws Refusal if an argument has the wrong type
     */
    static void check(JmxExecRequest request, MBeanServer server)
            throws InstanceNotFoundException, ReflectionException {
        List<?> given = request.getArguments();
        if (given == null) {
            return;
        }
        String bare = DomainMBeans.bareName(request.getOperation());
        try {
            for (MBeanOperationInfo info :
                    server.getMBeanInfo(request.getObjectName()).getOperations()) {
                if (info.getName().equals(bare) && info.getSignature().length == given.size()) {
                    for (int i = 0; i < given.size(); i++) {
                        check(info.getSignature()[i], given.get(i));
                    }
                }
            }
        } catch (IntrospectionException e) {
            throw new IllegalStateException("The MBean " + request.getObjectName() + " cannot be described.", e);
        }
    }

    private static void check(MBeanParameterInfo parameter, @Nullable Object given) {
        WholeNumbers range = WHOLE.get(parameter.getType());
        if (range != null) {
            Long number = whole(given);
            if (number == null || number < range.least() || number > range.most()) {
                throw unfit(parameter, "an integer from " + range.least() + " to " + range.most(), given);
            }
        } else if (parameter.getType().equals("boolean")) {
            if (!"true".equals(String.valueOf(given)) && !"false".equals(String.valueOf(given))) {
                throw unfit(parameter, "true or false", given);
            }
        } else if (parameter.getType().equals(TEXTS)) {
            if (!(given instanceof List)) {
                throw unfit(parameter, "an array of strings", given);
            }
        } else if (given instanceof List) {
            throw unfit(parameter, "a string", given);
        }
    }

    /** Null if the value is not a whole number. */
    private static @Nullable Long whole(@Nullable Object given) {
        if (given instanceof Long number) {
            return number;
        }
        if (given instanceof String text) {
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return null;
    }

    private static Refusal unfit(MBeanParameterInfo parameter, String allowed, @Nullable Object given) {
        return Refusal.mistake("The argument \"" + parameter.getName() + "\" must be " + allowed + ", not "
                + RequestReader.shown(given) + ".");
    }
}
