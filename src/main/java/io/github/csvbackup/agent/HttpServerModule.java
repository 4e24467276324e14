package io.github.csvbackup.agent;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/** The JDK's HTTP server gives no access to its sockets' options; a guest gets it through its instrumentation. */
final class HttpServerModule {
    private HttpServerModule() {}

    /**
     * Opens {@code sun.net.httpserver} to the loader of this class, and to nobody else in the host. On its own the agent
     * has it from the manifest's Add-Opens.
     */
    static void openTo(Instrumentation instrumentation) {
        Module own = HttpServerModule.class.getModule();
        ModuleLayer.boot()
                .findModule("jdk.httpserver")
                .ifPresent(server -> instrumentation.redefineModule(
                        server, Set.of(), Map.of(), Map.of("sun.net.httpserver", Set.of(own)), Set.of(), Map.of()));
    }
}
