package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the entry classes of an older version use of a newer jar. The names are here in full, so that a change of the code does not change them. If such a
 * change must be, rename {@code isolated/classes} too: see the package {@code agent.entry}.
 */
class EntryContractIT {
    @ParameterizedTest
    @CsvSource({
        "io.github.csvbackup.agent.Launcher, start, java.lang.String, java.lang.AutoCloseable",
        "io.github.csvbackup.cluster.ActiveNativeCalls, count,, int"
    })
    void theMethodsAreThere(String type, String method, String parameter, String result) throws Exception {
        try (Isolated isolated = Isolated.open()) {
            Class<?>[] parameters = parameter == null ? new Class<?>[0] : new Class<?>[] {Class.forName(parameter)};
            assertThat(isPublicAndStatic(isolated.loader().loadClass(type).getMethod(method, parameters), result))
                    .isTrue();
        }
    }

    @Test
    void theMethodForTheNativeLibraryIsThere() throws Exception {
        try (Isolated isolated = Isolated.open()) {
            Method unpack = isolated.loader()
                    .loadClass("io.github.csvbackup.agent.NativeLibrary")
                    .getMethod("unpack", String.class, InputStream.class);
            assertThat(isPublicAndStatic(unpack, URL.class.getName())).isTrue();
            assertThat(PackagedJar.classes()).contains("com.sun.jna.Native");
        }
    }

    private static boolean isPublicAndStatic(Method method, String result) {
        return Modifier.isPublic(
                        method.getModifiers() & method.getDeclaringClass().getModifiers())
                && Modifier.isStatic(method.getModifiers())
                && method.getReturnType().getName().equals(result);
    }

    @Test
    void theFilesAreThere() throws Exception {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            assertThat(jar.getEntry("isolated/classes")).isNotNull();
            assertThat(jar.getEntry("isolated/META-INF/services/org.slf4j.spi.SLF4JServiceProvider"))
                    .isNotNull();
            assertThat(jar.getEntry("isolated/com/sun/jna/win32-x86-64/jnidispatch.dll"))
                    .isNotNull();
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
                    .isNotBlank();
        }
    }
}
