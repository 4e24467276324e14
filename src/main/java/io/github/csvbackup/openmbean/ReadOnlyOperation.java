package io.github.csvbackup.openmbean;

import io.github.csvbackup.security.Role;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.management.DescriptorKey;

/**
 * Marks an operation that changes nothing: its impact is INFO, not ACTION. An operation without this mark needs an operator. The HTTP
 * surface reads the role from the MBean's descriptor, so this is the only place that defines who may call what.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ReadOnlyOperation {
    /** The lowest role that may call it. */
    @DescriptorKey(Role.NEEDED)
    Role value() default Role.READER;
}
