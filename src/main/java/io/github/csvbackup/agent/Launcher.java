package io.github.csvbackup.agent;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The isolated side's door: what the entry class calls. */
public final class Launcher {
    private Launcher() {}

    public static int main(String[] args, @Nullable Instrumentation instrumentation) {
        if (args.length >= 2 && args[0].equals("attach")) {
            return Attach.attach(args[1], args.length > 2 ? args[2] : "");
        }
        if (args.length == 2 && args[0].equals("detach")) {
            return Attach.detach(args[1]);
        }
        System.out.println(Launcher.class.getPackage().getImplementationVersion());
        return 0;
    }

    public static AutoCloseable start(String arguments, Instrumentation instrumentation) throws IOException {
        HttpServerModule.openTo(instrumentation);
        int port = 8778;
        for (String option : arguments.split(",", -1)) {
            int equals = option.indexOf('=');
            String value = option.substring(equals + 1);
            switch (option.substring(0, Math.max(equals, 0))) {
                case "port" -> port = Integer.parseInt(value);
                case "state-dir" -> Files.createDirectories(Path.of(value));
                case "backend" -> {}
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer server = HttpServer.create(address, 0);
        server.start();
        return () -> server.stop(0);
    }
}
