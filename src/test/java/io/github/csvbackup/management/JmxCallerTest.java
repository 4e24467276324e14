package io.github.csvbackup.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.security.Role;
import java.security.PrivilegedAction;
import java.util.Set;
import javax.management.remote.JMXPrincipal;
import javax.security.auth.Subject;
import org.junit.jupiter.api.Test;

class JmxCallerTest {
    @Test
    void isTheUserThatTheConnectorAuthenticated() {
        Subject subject = new Subject(true, Set.of(new JMXPrincipal("ann")), Set.of(), Set.of());

        Caller caller = Subject.doAs(subject, (PrivilegedAction<Caller>) JmxCaller::current);

        assertThat(caller).isEqualTo(new Caller(Role.OPERATOR, "ann", "jmx", ""));
    }

    @Test
    void reportsACallWithoutAuthentication() {
        assertThat(JmxCaller.current().principal())
                .isEqualTo("not authenticated; the JVM's account is " + System.getProperty("user.name"));
    }
}
