package zship.cli;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class OldClassesTest {
    private final Path picocli = Path
            .of(URI.create(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toString()));

    @TempDir
    private Path lib;

    @Test
    void renewedLibraryWorksAsBefore() throws Exception {
        Path renewed = Files.copy(picocli, lib.resolve("picocli.jar"));
        assertThat(OldClasses.hasOld(renewed)).isTrue();
        OldClasses.main(new String[]{lib.toString()});
        assertThat(OldClasses.hasOld(renewed)).isFalse();
        assertThat(lib.toFile().list()).containsExactly("picocli.jar");
        assertThat(usable(renewed)).isEqualTo(usable(picocli)).contains("picocli.CommandLine");
    }

    @Test
    void renewedPicocliDoesNotSearchForGroovy() throws Exception {
        assertThat(searchedFor(picocli)).containsExactly("groovy.lang.Closure");
        Path renewed = lib.resolve("picocli.jar");
        OldClasses.renew(picocli, renewed);
        assertThat(searchedFor(renewed)).isEmpty();
    }

    /** What is not in the library itself and looked for when it makes its first command. */
    private static List<String> searchedFor(Path jar) throws Exception {
        List<String> names = new ArrayList<>();
        try (URLClassLoader loader = new URLClassLoader(new URL[]{jar.toUri().toURL()},
                ClassLoader.getPlatformClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (!name.startsWith("picocli.")) {
                    names.add(name);
                }
                return super.findClass(name);
            }
        }) {
            Class.forName("picocli.CommandLine$DefaultFactory", true, loader);
        }
        return names;
    }

    @Test
    void libraryThatIsNewEnoughStaysAsItIs() throws Exception {
        Path assertj = Path.of(URI.create(
                org.assertj.core.api.Assertions.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        Path copy = Files.copy(assertj, lib.resolve("assertj.jar"));
        OldClasses.main(new String[]{lib.toString()});
        assertThat(copy).hasSameBinaryContentAs(assertj);
    }

    /** The classes of a library, each initialized and thereby verified. */
    private static Set<String> usable(Path jar) throws Exception {
        Set<String> usable = new TreeSet<>();
        try (ZipFile library = new ZipFile(jar.toFile());
                URLClassLoader loader = new URLClassLoader(new URL[]{jar.toUri().toURL()},
                        ClassLoader.getPlatformClassLoader())) {
            for (ZipEntry entry : library.stream().filter(file -> file.getName().matches("picocli/.*\\.class"))
                    .toList()) {
                String name = entry.getName().replaceFirst("\\.class$", "").replace('/', '.');
                try {
                    usable.add(Class.forName(name, true, loader).getName());
                } catch (LinkageError e) {
                    usable.add(name + " cannot be used: " + e.getMessage());
                }
            }
        }
        return usable;
    }
}
