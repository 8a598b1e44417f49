package zship.flow;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.chunk.ChunkCodec;

import static org.assertj.core.api.Assertions.assertThat;

/** The launcher finds its home and a JDK, and passes exit codes and signals through. */
class LauncherIT {
    @TempDir
    Path folder;

    @Test
    void worksFromAnyFolderThroughALink() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(folder.resolve("zs"), Zship.launcher());
        Process process = new ProcessBuilder(link.toString(), "--version").directory(folder.toFile()).start();
        assertThat(new String(process.getInputStream().readAllBytes())).isEqualTo("zship 0.1.0\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void olderJavaHomeIsPassedOver() throws IOException, InterruptedException {
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache()).with("JAVA_HOME", "/nonexistent");
        assertThat(zship.ok("--version").out()).isEqualTo("zship 0.1.0\n");
    }

    @Test
    void machineWithoutJdkIsToldWhatToInstall() throws IOException, InterruptedException {
        assertThat(asNobody("/usr/lib/jvm", "--version")).isEqualTo("""
                3
                error: no JDK 25 found
                  looked in JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman and ~/.jdks
                  hint: install a JDK 25 (package openjdk-25-jdk-headless or temurin-25-jdk), or set JAVA_HOME to one
                """);
    }

    @Test
    void folderOfSomebodyElseIsNotBuiltIn() throws IOException, InterruptedException {
        assertThat(asNobody(folder.resolve("empty").toString(), "--version")).isEqualTo("""
                1
                error: zship could not be built
                  %1$s/.build cannot be written by nobody
                  hint: run it once as the owner of %1$s, or copy that folder to one of your own
                """.formatted(folder.resolve("project")));
    }

    /** Runs a copy of the launcher as a user who may not install anything, on a machine that lacks a folder. */
    private String asNobody(String lacking, String argument) throws IOException, InterruptedException {
        Path project = Files.createDirectories(folder.resolve("project"));
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Files.copy(Zship.launcher(), project.resolve("zship"), StandardCopyOption.COPY_ATTRIBUTES);
        for (Path open : List.of(folder, project, empty)) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        ProcessBuilder builder = new ProcessBuilder("unshare", "--mount", "sh", "-c",
                "mount --bind \"$1\" \"$2\" && shift 2 && setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"; echo $?",
                "sh", empty.toString(), lacking, project.resolve("zship").toString(), argument)
                .redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("JAVA_HOME", "HOME"));
        Process process = builder.start();
        List<String> lines = process.inputReader().readAllLines();
        assertThat(process.waitFor()).isZero();
        return lines.getLast() + "\n" + String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
    }

    /** Without those, commands still work, but each unpacks its own copies and hashes more slowly. */
    @Test
    void nativeLibrariesAreThoseThatTheBuildUnpacked() throws IOException, InterruptedException {
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Files.write(tree.resolve("file"), new byte[ChunkCodec.PIECE_SIZE]);
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache()).with("LD_DEBUG", "files")
                .with("LD_DEBUG_OUTPUT", folder.resolve("loaded").toString());
        String flist = folder.resolve("tree.flist").toString();
        zship.ok("pack", tree.toString(), "-o", flist, "--store", "dir://" + folder.resolve("store"));
        assertThat(zship.ok("flist", "stat", flist, "/").err()).as("said by nobody but the command").isEmpty();
        StringBuilder loaded = new StringBuilder();
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "loaded.*")) {
            for (Path log : logs) {
                loaded.append(Files.readString(log));
            }
        }
        Path unpacked = Zship.launcher().resolveSibling(".build/current").toRealPath().resolve("native");
        assertThat(loaded.toString()).contains(Stream.of("libsodium.so", "libsnappyjava.so", "libsqlitejdbc.so")
                .map(name -> "calling init: " + unpacked.resolve(name)).toList());
    }

    /** As in a container without a locale. Java itself could not give such names to a program there, so a shell does. */
    @Test
    void namesThatAreNotAsciiNeedNoLocale() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", """
                name=$(printf 'gr\\303\\266\\303\\237e')
                mkdir -p "$name/tree" "$name/temporary"
                echo content >"$name/tree/$name"
                cd "$name"
                export TMPDIR=$PWD/temporary
                "$1" pack tree -o "$name.flist" --store "dir://$PWD/$name" 2>&1
                "$1" flist cat "$name.flist" "/$name" --store "dir://$PWD/$name" 2>&1
                """, "sh", Zship.launcher().toString()).directory(folder.toFile());
        builder.environment().keySet().removeAll(List.of("LANG", "LC_CTYPE"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        assertThat(new String(process.getInputStream().readAllBytes())).endsWith("\ncontent\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void outputThatCannotBeWrittenIsAFailureUnlessNobodyWantsIt() throws IOException, InterruptedException {
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        Path tree = Files.createDirectories(folder.resolve("tree"));
        for (int i = 0; i < 3000; i++) {
            Files.createFile(tree.resolve("a file whose name is somewhat longer " + i));
        }
        String flist = folder.resolve("tree.flist").toString();
        zship.ok("pack", tree.toString(), "-o", flist, "--store", "dir://" + folder.resolve("store"));
        for (String json : List.of("", "--json")) {
            Process full = new ProcessBuilder("sh", "-c", "\"$0\" flist ls \"$1\" / $2 2>&1 >/dev/full",
                    Zship.launcher().toString(), flist, json).start();
            assertThat(new String(full.getInputStream().readAllBytes())).isEqualTo("""
                    error: cannot write to the standard output
                      No space left on device
                      hint: check where the output goes
                    """);
            assertThat(full.waitFor()).isEqualTo(1);
        }
        Process head = new ProcessBuilder("sh", "-c", "{ \"$0\" flist ls \"$1\" / 2>&1; echo $? >&2; } | head -n 1",
                Zship.launcher().toString(), flist).start();
        assertThat(new String(head.getInputStream().readAllBytes()))
                .isEqualTo("a file whose name is somewhat longer 0\n");
        assertThat(new String(head.getErrorStream().readAllBytes())).isEqualTo("0\n");
    }

    @Test
    void exitCodeOfAWrongCommandLineIsTwo() throws IOException, InterruptedException {
        Zship.Run run = new Zship(folder.resolve("home"), Zship.sharedCache()).run("pss");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("""
                error: cannot use pss
                  zship has no such command
                  hint: did you mean ps? See zship --help
                """);
    }

    @Test
    void terminatedNodeEndsWithTheSignal() throws IOException, InterruptedException {
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        Process node = zship.start("node", "run", "--ready");
        assertThat(node.inputReader().readLine()).isEqualTo("ready");
        node.destroy();
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).isEqualTo(143);
        assertThat(zship.run("node", "status").code()).isEqualTo(3);
    }
}
