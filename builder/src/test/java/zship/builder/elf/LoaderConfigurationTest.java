package zship.builder.elf;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** As ldconfig(8) and glibc read it. */
class LoaderConfigurationTest {
    @TempDir
    private Path root;

    private void file(String path, String content) throws Exception {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void includesAreSeenFromTheFileThatHasThem() throws Exception {
        file("etc/ld.so.conf", "include\tld.so.conf.d/*.conf  other/one?.conf\n/last # not least\n");
        file("etc/ld.so.conf.d/b.conf", "/second\ninclude below/more.conf\n");
        file("etc/ld.so.conf.d/a.conf", "/first=libc6\n");
        file("etc/ld.so.conf.d/c.txt", "/never\n");
        file("etc/ld.so.conf.d/below/more.conf", "/third\n");
        file("etc/other/one1.conf", "/fourth\n");
        file("etc/other/one.conf", "/never\n");
        assertThat(LoaderConfiguration.directories(Sysroot.of(root))).containsExactly("/first", "/second", "/third",
                "/fourth", "/last");
    }

    @Test
    @Timeout(60)
    void hostilePatternsEnd() throws Exception {
        file("etc/ld.so.conf",
                "include ld.so.conf.d/" + "*a".repeat(200) + "b\ninclude ld.so.conf.d/[\ninclude\n/kept\n");
        file("etc/ld.so.conf.d/" + "a".repeat(250), "/never\n");
        assertThat(LoaderConfiguration.directories(Sysroot.of(root))).containsExactly("/kept");
    }
}
