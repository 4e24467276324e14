import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.util.Map;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;
import javax.rmi.ssl.SslRMIClientSocketFactory;

/** A JMX client that connects as JConsole does, with TLS for the registry too: HOST:PORT USER PASSWORD. Reads, then clears a stale state. */
class RemoteJmxClient {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";

    public static void main(String[] args) throws Exception {
        String[] address = args[0].split(":", -1);
        Registry registry = LocateRegistry.getRegistry(
                address[0], Integer.parseInt(address[1]), new SslRMIClientSocketFactory());
        RMIServer stub = (RMIServer) registry.lookup("jmxrmi");
        try (RMIConnector connector = new RMIConnector(stub, null)) {
            connector.connect(Map.of(JMXConnector.CREDENTIALS, new String[] {args[1], args[2]}));
            MBeanServerConnection server = connector.getMBeanServerConnection();
            ObjectName agent = new ObjectName("io.github.csvbackup:type=CsvBackupState");
            ObjectName cluster = new ObjectName("io.github.csvbackup:type=SimulatedCluster");
            System.out.println("Backend: " + server.getAttribute(agent, "Backend"));
            String[] one = {"java.lang.String"};
            String[] two = {"java.lang.String", "java.lang.String"};
            server.invoke(cluster, "startBackup", new Object[] {VOLUME, "NODE1"}, two);
            server.invoke(agent, "refresh", new Object[0], new String[0]);
            server.invoke(cluster, "killBackup", new Object[] {VOLUME}, one);
            server.invoke(cluster, "advance", new Object[] {200L}, new String[] {"long"});
            CompositeData assessment;
            do {
                assessment = (CompositeData) server.invoke(agent, "assess", new Object[] {VOLUME}, one);
            } while (!"CLEARABLE".equals(assessment.get("verdict")));
            CompositeData result = (CompositeData) server.invoke(agent, "clear", new Object[] {VOLUME}, one);
            System.out.println("clear: " + result.get("outcome"));
        }
    }
}
