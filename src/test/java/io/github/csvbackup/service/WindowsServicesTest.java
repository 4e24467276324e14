package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WindowsServicesTest {
    private static void fails(Error error, String message) {
        assertThatThrownBy(() -> WindowsServices.loaded("advapi32", () -> {
                    throw error;
                }))
                .isInstanceOf(ServiceException.class)
                .hasMessage(message);
    }

    /** JNA throws these. */
    @Test
    void aLibraryThatCannotBeLoadedIsOneLine() throws ServiceException {
        assertThat(WindowsServices.loaded("advapi32", () -> "functions")).isEqualTo("functions");
        fails(
                new Error("\n\nThere is an incompatible library\nExpected: 7.0.4\n"),
                "advapi32.dll cannot be loaded: java.lang.Error: There is an incompatible library Expected: 7.0.4.");
        fails(
                new NoClassDefFoundError("Could not initialize class com.sun.jna.Native"),
                "advapi32.dll cannot be loaded: java.lang.NoClassDefFoundError: Could not initialize class"
                        + " com.sun.jna.Native.");
        fails(
                new UnsatisfiedLinkError("not found"),
                "advapi32.dll cannot be loaded: java.lang.UnsatisfiedLinkError: not found.");
    }

    @Test
    void anErrorOfTheJvmIsNotOneOfTheLibrary() {
        Error full = new OutOfMemoryError();

        assertThatThrownBy(() -> WindowsServices.loaded("advapi32", () -> {
                    throw full;
                }))
                .isSameAs(full);
    }
}
