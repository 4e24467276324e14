package io.github.csvbackup.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.csvbackup.openmbean.OpenMBean;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final ObjectName name = Registration.name("Basket");

    /** What the bean offers. */
    public interface Basket {
        int getApples();
    }

    private record OneBasket(int apples) implements Basket {
        @Override
        public int getApples() {
            return apples;
        }
    }

    private static OpenMBean bean() {
        return new OpenMBean(Basket.class, new OneBasket(3));
    }

    @Test
    void aSecondBeanOfTheNameIsRefused() {
        try (Registration first = Registration.register(server, name, bean())) {
            assertThat(first).isNotNull();
            assertThatIllegalStateException()
                    .isThrownBy(() -> Registration.register(server, name, bean()))
                    .withMessageEndingWith("another agent runs in this JVM. Detach it first.");
        }
        assertThat(server.isRegistered(name)).isFalse();
    }

    @Test
    void closingTwiceLeavesAnothersBeanAlone() {
        Registration first = Registration.register(server, name, bean());
        first.close();
        Registration.register(server, name, bean());

        first.close();

        assertThat(server.isRegistered(name)).isTrue();
    }

    @Test
    void aBeanThatSomeoneElseUnregisteredIsIgnored() throws Exception {
        Registration first = Registration.register(server, name, bean());
        server.unregisterMBean(name);

        first.close();

        assertThat(server.isRegistered(name)).isFalse();
    }
}
