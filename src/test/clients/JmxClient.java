import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A JMX client without the agent's classes: reads all attributes, invokes all operations, receives notifications. */
class JmxClient {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume3";

    public static void main(String[] args) throws Exception {
        JMXServiceURL url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + args[0] + "/jmxrmi");
        try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            ObjectName agent = new ObjectName("io.github.csvbackup:type=CsvBackupState");
            ObjectName cluster = new ObjectName("io.github.csvbackup:type=SimulatedCluster");
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(agent).getAttributes()) {
                System.out.println("attribute " + attribute.getName() + " (" + attribute.getDescription() + ") = "
                        + text(server.getAttribute(agent, attribute.getName())));
            }
            for (MBeanOperationInfo operation : server.getMBeanInfo(agent).getOperations()) {
                System.out.println("operation " + operation.getName() + " impact " + operation.getImpact() + " parameters "
                        + Arrays.stream(operation.getSignature()).map(MBeanParameterInfo::getName).toList());
            }
            BlockingQueue<Notification> received = new LinkedBlockingQueue<>();
            server.addNotificationListener(agent, (notification, handback) -> received.add(notification), null, null);
            String[] one = {"java.lang.String"};
            String[] three = {"java.lang.String", "java.lang.String", "java.lang.String"};
            System.out.println(server.invoke(cluster, "startBackup", new Object[] {VOLUME, "NODE1"}, three));
            System.out.println("refresh " + text(server.invoke(agent, "refresh", new Object[0], new String[0])));
            await(received, "csvbackup.state.set");
            System.out.println("assess " + text(server.invoke(agent, "assess", new Object[] {VOLUME}, one)));
            System.out.println("explain " + text(server.invoke(agent, "explain", new Object[] {VOLUME}, one)));
            for (String line : (String[]) server.getAttribute(agent, "Summary")) {
                System.out.println("summary " + line);
            }
            System.out.println("clear " + text(server.invoke(agent, "clear", new Object[] {VOLUME}, one)));
            await(received, "csvbackup.clear.refused");
            server.invoke(cluster, "killBackup", new Object[] {VOLUME}, one);
            System.out.println("forceClear "
                    + text(server.invoke(
                            agent, "forceClear", new Object[] {VOLUME, VOLUME, "the backup program has died"}, three)));
            // A poll may see the end of the state before the notification of the clear arrives.
            await(received, "csvbackup.clear.cleared", "csvbackup.state.ended");
            try {
                server.invoke(agent, "assess", new Object[] {"nowhere"}, one);
            } catch (Exception e) {
                System.out.println("error " + e.getCause());
            }
        }
    }

    private static void await(BlockingQueue<Notification> received, String... types) throws InterruptedException {
        Set<String> missing = new TreeSet<>(Set.of(types));
        while (!missing.isEmpty()) {
            Notification next = received.poll(30, TimeUnit.SECONDS);
            if (next == null) {
                throw new IllegalStateException("no notification " + missing);
            }
            if (missing.remove(next.getType())) {
                System.out.println("notification " + next.getType() + ": " + next.getMessage());
            }
        }
    }

    private static String text(Object value) {
        if (value instanceof CompositeData data) {
            return data.getCompositeType().keySet().stream()
                    .map(key -> key + "=" + text(data.get(key)))
                    .toList()
                    .toString();
        }
        return value instanceof Object[] array
                ? Arrays.stream(array).map(JmxClient::text).toList().toString()
                : String.valueOf(value);
    }
}
