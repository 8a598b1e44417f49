package zship.flow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.disk.ChangingTree;
import zship.loopback.FreePort;

import static org.assertj.core.api.Assertions.assertThat;

/** A password with a mark in it goes through every command; the mark must not be found where it does not belong. */
class SecretsIT {
    private static final String CANARY = "canary-5f1c7e0b";

    @TempDir
    Path folder;

    @Test
    void passwordStaysInTheStateFolder() throws IOException, InterruptedException {
        int port = FreePort.choose();
        Path secret = Files.writeString(folder.resolve("source"), CANARY + "\n");
        Path cache = folder.resolve("cache");
        StringBuilder printed = new StringBuilder();
        try (Zship zship = new Zship(folder.resolve("home"), cache).with("RADIO_ADMIN", CANARY + "-admin")) {
            Files.createDirectories(cache);
            copy(Zship.sharedCache().resolve("zship"), cache.resolve("zship"));
            String[] up = {"up", "-p", port + ":8000", "--secret", "ICECAST_SOURCE_PASSWORD=file:" + secret, "--secret",
                "ICECAST_ADMIN_PASSWORD=env:RADIO_ADMIN"};
            printed.append(text(zship.ok(up)));
            assertThat(new Icecast(port).sourceStatus(CANARY)).isIn(100, 200);
            assertThat(Leftovers.commandLines().filter(line -> line.contains(CANARY)).toList())
                    .as("command lines of processes").isEmpty();
            for (String[] command : new String[][]{{"ps"}, {"ps", "--json"}, {"inspect", "icecast2"},
                {"inspect", "icecast2", "--json"}, {"logs", "icecast2"}, {"node", "status"}, {"node", "jobs"},
                {"node", "info"}, {"history", "icecast2"}, {"history", "icecast2", "--json"},
                {"plan", "-v", "-p", port + ":8000"}, {"smoke", "icecast2", "-v"}, {"smoke", "icecast2", "--json"},
                {"hub", "info", "local/icecast"}, {"doctor"},
                {"config", "-e", "ICECAST_SOURCE_PASSWORD=" + CANARY, "--secret", "A=file:" + secret},
                {"up", "-v", "-p", port + ":8000"}, {"completion", "names"},
                {"exec", "icecast2", "-v", "--", "/bin/icecast", "-v"}}) {
                printed.append(text(zship.ok(command)));
            }
            Path other = Files.writeString(folder.resolve("other"), CANARY + "-other\n");
            Zship.Run plan = zship.run("plan", "--json", "-p", port + ":8000", "--secret",
                    "ICECAST_SOURCE_PASSWORD=file:" + other);
            assertThat(plan.code()).as("a changed password is a change").isEqualTo(10);
            printed.append(text(plan));
            printed.append(text(zship.run("smoke", "icecast2", "--debug", "--password", "file:" + other)));
            printed.append(text(
                    zship.run("redeploy", "icecast2", "-e", "ICECAST_MAX_CLIENTS=abc", "-v", "--debug")));
            printed.append(text(zship.run("redeploy", "icecast2", "-e", "ICECAST_MAX_CLIENTS=def", "--json")));
            printed.append(text(zship.ok("rm", "icecast2", "--debug")));
        }
        assertThat(printed.toString()).doesNotContain(CANARY);
        assertThat(holding(cache)).as("files of the cache").isEmpty();
        List<Path> state = holding(folder.resolve("home"));
        assertThat(state).as("files with the password").allMatch(file -> file.toString().contains("/secrets/"));
        for (Path file : state) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        }
    }

    private static String text(Zship.Run run) {
        return run.out() + run.err();
    }

    private static List<Path> holding(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        ChangingTree.visit(folder, Integer.MAX_VALUE, (file, facts) -> {
            if (facts.isRegularFile()
                    && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(CANARY)) {
                found.add(file);
            }
        });
        return found;
    }

    /** Copies the shared cache, so that only this test's files are searched and nothing is built again. */
    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        if (Files.exists(from)) {
            assertThat(new ProcessBuilder("cp", "-a", from.toString(), to.toString()).inheritIO().start().waitFor())
                    .isZero();
        }
    }
}
