package io.github.csvbackup.openmbean;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However and whenever clients come first, they see the same bean. */
@Timeout(60)
class FirstUseTest {
    private static final int AT_ONCE = 8;

    /** What the bean offers. */
    public interface Pot {
        List<String> getHerbs();

        int stir(int times);
    }

    private static final class OnePot implements Pot {
        @Override
        public List<String> getHerbs() {
            return List.of("thyme");
        }

        @Override
        public int stir(int times) {
            return times;
        }
    }

    private final OpenMBean bean = new OpenMBean(Pot.class, new OnePot());
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final ObjectName name;

    FirstUseTest() throws JMException {
        name = new ObjectName("test:type=Pot");
    }

    /** As an MBean server that wraps the beans of its host does, and then hides the calls of MBeanRegistration from them. */
    private static Object wrapped(DynamicMBean bean) {
        Class<?>[] faces = {DynamicMBean.class};
        return Proxy.newProxyInstance(
                FirstUseTest.class.getClassLoader(), faces, (proxy, method, given) -> method.invoke(bean, given));
    }

    @Test
    void clientsSeeAllOfABeanThatIsNotToldOfItsRegistration() throws Exception {
        ObjectInstance registered = server.registerMBean(wrapped(bean), name);

        assertThat(registered.getClassName()).isEqualTo(Pot.class.getName());
        assertThat(server.getMBeanInfo(name).getAttributes()).hasSize(1);
        assertThat(server.getMBeanInfo(name).getOperations()).hasSize(1);
    }

    @Test
    void clientsThatComeAtTheSameTimeAreAllAnswered() throws Exception {
        server.registerMBean(bean, name);
        CyclicBarrier all = new CyclicBarrier(AT_ONCE);
        Callable<Object> client = () -> {
            all.await();
            return List.of(
                    server.getMBeanInfo(name),
                    List.of((String[]) server.getAttribute(name, "Herbs")),
                    server.invoke(name, "stir", new Object[] {3}, new String[] {"int"}));
        };
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Object> answers = new ArrayList<>();
            for (Future<Object> answer : clients.invokeAll(Collections.nCopies(AT_ONCE, client))) {
                answers.add(answer.get());
            }

            assertThat(answers).containsOnly(List.of(server.getMBeanInfo(name), List.of("thyme"), 3));
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void aBeanThatIsRegisteredAgainIsTheSame() throws Exception {
        server.registerMBean(bean, name);
        MBeanInfo before = server.getMBeanInfo(name);
        server.unregisterMBean(name);
        ObjectInstance registered = server.registerMBean(bean, name);

        assertThat(registered.getClassName()).isEqualTo(Pot.class.getName());
        assertThat(server.getMBeanInfo(name)).isEqualTo(before);
        assertThat(server.getMBeanInfo(name).getOperations()).hasSize(1);
    }
}
