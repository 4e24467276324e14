package io.github.csvbackup.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What requests on kept connections gave, each connection as fast as it can.
 *
 * @param millis how long each answer of 200 took
 * @param perSecond answers of 200 in a second
 * @param failed other answers, and connections that failed
 */
record Load(Values millis, double perSecond, long failed) {
    /** Requests a path as Prometheus does, for a time. */
    static Load of(Door door, String path, int connections, Duration time) throws InterruptedException {
        List<Client> clients = new ArrayList<>();
        CountDownLatch begin = new CountDownLatch(1);
        for (int i = 0; i < connections; i++) {
            clients.add(new Client(door, path, begin, time));
        }
        clients.forEach(Client::start);
        for (Client client : clients) {
            client.ready.await();
        }
        long begun = System.nanoTime();
        begin.countDown();
        for (Client client : clients) {
            client.join();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        Values millis = new Values();
        long failed = 0;
        for (Client client : clients) {
            client.nanos.forEach(nanos -> millis.add(nanos / 1e6));
            failed += client.failed;
        }
        return new Load(millis, millis.count() / seconds, failed);
    }

    /** One connection. A failure costs it a new one. */
    private static final class Client extends Thread {
        private final Door door;
        private final String path;
        private final CountDownLatch begin;
        private final Duration time;
        private final CountDownLatch ready = new CountDownLatch(1);
        private final List<Long> nanos = new ArrayList<>();
        private long failed;

        Client(Door door, String path, CountDownLatch begin, Duration time) {
            super("client");
            this.door = door;
            this.path = path;
            this.begin = begin;
            this.time = time;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                Connection connection = first();
                begin.await();
                long end = System.nanoTime() + time.toNanos();
                while (System.nanoTime() - end < 0) {
                    connection = ask(connection);
                }
                connection.close();
            } catch (IOException e) {
                // It cannot connect again.
                failed++;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                ready.countDown();
            }
        }

        /** With one answer, so that handshakes are not measured. */
        private Connection first() throws IOException {
            Connection connection = door.connect();
            try {
                connection.scrape(path);
            } catch (IOException e) {
                failed++;
                connection.close();
                connection = door.connect();
            }
            ready.countDown();
            return connection;
        }

        private Connection ask(Connection connection) throws IOException {
            long asked = System.nanoTime();
            try {
                if (connection.scrape(path).status() == 200) {
                    nanos.add(System.nanoTime() - asked);
                } else {
                    failed++;
                }
                return connection;
            } catch (IOException e) {
                failed++;
                connection.close();
                Lab.pause(Duration.ofMillis(20));
                return door.connect();
            }
        }
    }
}
