import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jolokia.client.J4pClient;
import org.jolokia.client.exception.J4pBulkRemoteException;
import org.jolokia.client.exception.J4pException;
import org.jolokia.client.exception.J4pRemoteException;
import org.jolokia.client.request.J4pExecRequest;
import org.jolokia.client.request.J4pListRequest;
import org.jolokia.client.request.J4pQueryParameter;
import org.jolokia.client.request.J4pReadRequest;
import org.jolokia.client.request.J4pReadResponse;
import org.jolokia.client.request.J4pRequest;
import org.jolokia.client.request.J4pResponse;
import org.jolokia.client.request.J4pSearchRequest;
import org.jolokia.client.request.J4pSearchResponse;
import org.jolokia.client.request.J4pVersionRequest;
import org.jolokia.client.request.J4pVersionResponse;

/** Queries the agent with the Java client of Jolokia, which is on the class path: URL TOKEN-FILE. Prints a line for each answer. */
public class JolokiaClient {
    private static final String STATE = "io.github.csvbackup:type=CsvBackupState";
    private static final String VOLUME = "C:\\ClusterStorage\\Volume2";

    private interface Asking {
        Object ask() throws Exception;
    }

    private static void say(String what, Asking asking) throws Exception {
        Object said;
        try {
            said = asking.ask();
        } catch (J4pBulkRemoteException e) {
            said = e.getResponses().size() + " answers, " + e.getRemoteExceptions().size() + " errors: "
                    + e.getRemoteExceptions().get(0).getStatus();
        } catch (J4pRemoteException e) {
            said = e.getStatus() + " " + e.getMessage();
        } catch (J4pException e) {
            said = e.getClass().getSimpleName() + " " + e.getMessage();
        }
        System.out.println(what + ": " + said);
    }

    public static void main(String[] arguments) throws Exception {
        String url = arguments[0];
        J4pClient anybody = J4pClient.url(url).build();
        J4pClient operator = J4pClient.url(url)
                .user("operator")
                .password(Files.readString(Path.of(arguments[1])).strip())
                .build();
        J4pClient elsewhere = J4pClient.url(url)
                .target("service:jmx:rmi:///jndi/rmi://127.0.0.1:1/jmxrmi")
                .user("operator")
                .password(Files.readString(Path.of(arguments[1])).strip())
                .build();
        for (String method : List.of("GET", "POST")) {
            say(method + " version", () -> {
                J4pVersionResponse version = anybody.execute(new J4pVersionRequest(), method);
                return version.getProtocolVersion();
            });
            say(method + " attribute", () -> anybody.execute(new J4pReadRequest(STATE, "Backend"), method)
                    .getValue());
            say(method + " path", () -> {
                J4pReadRequest request = new J4pReadRequest(STATE, "Volumes");
                request.setPath("1/volume");
                return anybody.execute(request, method).getValue();
            });
            say(method + " attributes", () -> {
                J4pReadResponse response = anybody.execute(new J4pReadRequest(STATE, "Backend", "StaleCount"), method);
                return response.getAttributes() + " " + response.getValue("Backend");
            });
            say(method + " pattern", () -> {
                J4pReadResponse response =
                        anybody.execute(new J4pReadRequest("io.github.csvbackup:*", "Backend"), method);
                return response.getObjectNames();
            });
            say(method + " parameters", () -> {
                List<?> volumes = anybody.execute(
                                new J4pReadRequest(STATE, "VolumeNames"),
                                method,
                                Map.of(
                                        J4pQueryParameter.MAX_COLLECTION_SIZE, "1",
                                        J4pQueryParameter.IGNORE_ERRORS, "true"))
                        .getValue();
                return volumes.size();
            });
            say(method + " search", () -> {
                J4pSearchResponse response =
                        anybody.execute(new J4pSearchRequest("io.github.csvbackup:type=Csv*"), method);
                return response.getMBeanNames();
            });
            say(method + " list", () -> {
                Map<?, ?> operations = anybody.execute(
                                new J4pListRequest(
                                        List.of("io.github.csvbackup", "type=CsvBackupState", "op", "assess")),
                                method)
                        .getValue();
                return operations.get("ret");
            });
            say(method + " no MBean", () -> anybody.execute(new J4pReadRequest("java.lang:type=Memory", "Verbose"), method));
            say(method + " no attribute", () -> anybody.execute(new J4pReadRequest(STATE, "Nothing"), method));
            say(method + " clear", () -> {
                Map<?, ?> result = operator.execute(new J4pExecRequest(STATE, "clear", VOLUME), method)
                        .getValue();
                return result.get("outcome");
            });
        }
        say("no operator", () -> anybody.execute(new J4pExecRequest(STATE, "clear", VOLUME), "POST"));
        say("target", () -> elsewhere.execute(new J4pExecRequest(STATE, "clear", VOLUME), "POST"));
        say("bulk", () -> {
            List<J4pRequest> parts = List.of(new J4pReadRequest(STATE, "Backend"), new J4pVersionRequest());
            List<J4pResponse<J4pRequest>> responses = anybody.execute(parts);
            return responses.size();
        });
        say("bulk with an error", () -> {
            List<J4pRequest> parts =
                    List.of(new J4pReadRequest(STATE, "Backend"), new J4pReadRequest("java.lang:type=Memory", "Verbose"));
            return anybody.execute(parts);
        });
        say("too large a bulk", () -> anybody.execute(Collections.<J4pRequest>nCopies(60, new J4pVersionRequest())));
    }
}
