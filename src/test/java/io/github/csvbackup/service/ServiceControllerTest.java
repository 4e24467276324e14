package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceControllerTest {
    private static final String NAME = AgentService.NAME;
    private static final String AGENT = "\"C:\\java.exe\" -jar C:\\agent.jar service run";
    private static final ServiceState STOPPED = new ServiceState(ServiceState.STOPPED, 0, 0, 0);
    private static final ServiceState RUNNING = new ServiceState(ServiceState.RUNNING, 0, 0, 42);
    private static final ServiceState STARTING = new ServiceState(ServiceState.START_PENDING, 0, 0, 42);
    private static final ServiceState STOPPING = new ServiceState(ServiceState.STOP_PENDING, 0, 0, 42);

    private final StubServiceManager manager = new StubServiceManager();
    private final FewLooks looks = new FewLooks();
    private final ServiceController controller = new ServiceController(manager, NAME, looks);

    /** Ten looks, and a process that ends after some of them. */
    private static final class FewLooks implements ServiceController.Waiting {
        int looks;
        int processEndsAfter;

        @Override
        public boolean again(Duration waited) {
            return ++looks < 10;
        }

        @Override
        public boolean isAlive(long processId) {
            return processId == 42 && looks < processEndsAfter;
        }
    }

    private void installed(ServiceState state) {
        manager.put(NAME, AGENT, "LocalSystem", state);
    }

    @Test
    void waitsUntilItRuns() throws ServiceException {
        installed(STOPPED);
        manager.afterStart = List.of(STARTING, STARTING, STARTING, RUNNING);

        assertThat(controller.start()).isEqualTo(RUNNING);
        assertThat(manager.calls).containsExactly("start");
    }

    @Test
    void aRunningServiceIsNotStartedAgain() throws ServiceException {
        installed(RUNNING);

        assertThat(controller.start()).isNull();
        assertThat(manager.calls).isEmpty();
    }

    @Test
    void someoneElseMayStartItAtTheSameTime() throws ServiceException {
        installed(STARTING);

        assertThat(controller.start()).isEqualTo(STARTING);
        assertThat(manager.calls).containsExactly("start");
    }

    /** After {@code sc stop}: Windows says then that the service runs already. */
    @Test
    void aServiceThatStillStopsIsAwaitedAndThenStarted() throws ServiceException {
        installed(STOPPING);
        manager.becomes(STOPPING, STOPPING, STOPPED);
        looks.processEndsAfter = 5;

        assertThat(controller.start()).isEqualTo(RUNNING);
        assertThat(manager.calls).containsExactly("start", "start");
        assertThat(looks.looks).as("its process has ended").isGreaterThanOrEqualTo(5);
    }

    @Test
    void aServiceThatDoesNotStopIsNotStartedAgain() {
        installed(STOPPING);

        assertThatThrownBy(controller::start).hasMessageContaining("has not stopped: it is STOP_PENDING, process 42");
        assertThat(manager.calls).containsExactly("start");
    }

    @Test
    void aFailedStartIsReturned() throws ServiceException {
        installed(STOPPED);
        ServiceState failed = new ServiceState(ServiceState.STOPPED, 1066, 2, 0);
        manager.afterStart = List.of(STARTING, failed);

        assertThat(controller.start()).isEqualTo(failed);
        assertThat(failed.end()).isEqualTo("it ended with its code 2");
    }

    @Test
    void aRefusedStartIsAnError() {
        installed(STOPPED);
        manager.fail("start", 1069);

        assertThatThrownBy(controller::start).hasMessageContaining("log on the account of the service");
    }

    @Test
    void waitsUntilItsProcessHasEnded() throws ServiceException {
        installed(RUNNING);
        manager.afterStop = List.of(STOPPING, STOPPED);
        looks.processEndsAfter = 5;

        assertThat(controller.stop()).isTrue();
        assertThat(looks.looks).isEqualTo(5);
    }

    @Test
    void aStoppedServiceIsNotStoppedAgain() throws ServiceException {
        installed(STOPPED);

        assertThat(controller.stop()).isFalse();
        assertThat(manager.calls).isEmpty();
    }

    @Test
    void aServiceThatStopsAlreadyIsAwaited() throws ServiceException {
        installed(STOPPING);
        manager.fail("stop", 1061);
        looks.processEndsAfter = 0;

        assertThatThrownBy(controller::stop).hasMessageContaining("has not stopped: it is STOP_PENDING, process 42");
    }

    @Test
    void aStopThatWindowsRefusesIsAnError() {
        installed(RUNNING);
        manager.fail("stop", 5);

        assertThatThrownBy(controller::stop).hasMessageContaining("administrator");
    }

    @Test
    void uninstallStopsFirst() throws ServiceException {
        installed(RUNNING);

        assertThat(controller.uninstall().commandLine()).isEqualTo(AGENT);
        assertThat(manager.calls).containsExactly("requireAdministrator", "stop", "delete");
        assertThat(manager.service(NAME)).isNull();
    }

    /** Windows would only mark it, and refuse a new one of that name. */
    @Test
    void aServiceThatDoesNotStopIsNotDeleted() {
        installed(RUNNING);
        manager.afterStop = List.of(STOPPING);

        assertThatThrownBy(controller::uninstall).hasMessageContaining("has not stopped");
        assertThat(manager.calls).doesNotContain("delete");
    }

    @Test
    void withoutAServiceThereIsNothingToUninstall() throws ServiceException {
        assertThat(controller.uninstall()).isNull();
        assertThatThrownBy(controller::start)
                .hasMessage("The service CsvBackupAgent is not installed. Install it with: service install");
    }

    @Test
    void aServiceOfAnotherProgramIsLeftAlone() {
        manager.put(NAME, "C:\\other.exe", "LocalSystem", RUNNING);

        assertThatThrownBy(controller::stop).hasMessageContaining("is not this agent");
        assertThatThrownBy(controller::start).hasMessageContaining("is not this agent");
        assertThatThrownBy(controller::uninstall).hasMessageContaining("is not this agent");
        assertThat(manager.calls).containsOnly("requireAdministrator");
    }
}
