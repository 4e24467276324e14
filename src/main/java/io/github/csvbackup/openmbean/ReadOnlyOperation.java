package io.github.csvbackup.openmbean;

import io.github.csvbackup.security.Role;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an operation that changes nothing: its impact is INFO instead of ACTION. An operation without this mark needs an operator. The surfaces read
 * both from the MBean's own description, so that this is the one place that says who may call what.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ReadOnlyOperation {
    /** The least role that may call it. */
    Role value() default Role.READER;
}
