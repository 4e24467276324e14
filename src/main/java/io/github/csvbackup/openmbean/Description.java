package io.github.csvbackup.openmbean;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.management.DescriptorKey;

/** The sentence that a JMX client shows for an MBean, an attribute, an operation or a parameter. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER})
public @interface Description {
    /** The field of the descriptor, into which the JDK copies the sentence. */
    String FIELD = "description";

    @DescriptorKey(FIELD)
    String value();
}
