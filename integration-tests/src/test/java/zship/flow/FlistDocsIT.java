package zship.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the commands of the pages about flists and stores with a real flist and the local node's store. */
class FlistDocsIT extends FreshUser {
    private static final String CHUNK_ID = "ce632548a78b6d206e5478fbd92ea7ec";

    @Test
    void everyCommandOfThePagesWorks() throws IOException, InterruptedException {
        Path tree = tree();
        zship.ok("node", "start");
        zship.ok("pack", tree.toString(), "-o", "root.flist");
        JsonNode node = zship.ok("node", "status", "--json").json();
        String id = zship.ok("flist", "stat", "root.flist", "/bin/icecast").out().lines()
                .map(String::strip).filter(line -> line.matches("[0-9a-f]{32} [0-9a-f]{32}")).findFirst().orElseThrow()
                .substring(0, 32);
        List<String> commands = List.of("docs/flist.md", "docs/store.md").stream().flatMap(FlistDocsIT::commands)
                .map(it -> it.replace(CHUNK_ID, id).replace("zdb://127.0.0.1:9900", node.path("store").asString())
                        .replace("/srv/chunks", folder + "/chunks"))
                .toList();
        assertThat(commands).hasSizeGreaterThan(15);
        for (String command : commands) {
            zship.ok(words(command));
        }
        assertThat(zship.home().resolve("icecast.xml")).hasSameBinaryContentAs(tree.resolve("etc/icecast.xml"));
        assertThat(zship.ok("flist", "verify", "root.flist", "--store", "dir://" + folder + "/chunks").out())
                .contains("all sound");
        zship.ok("flist", "unpack", "root.flist", "out", "--store", "local");
        assertThat(zship.home().resolve("out/bin/icecast")).hasSameBinaryContentAs(tree.resolve("bin/icecast"));
    }

    /** The words of a command as a shell splits them; the pages quote patterns only. */
    private static String[] words(String command) {
        return command.replace("'", "").split(" ");
    }

    private static Stream<String> commands(String page) {
        try {
            return Files.readAllLines(Path.of(System.getProperty("zship.home"), page)).stream()
                    .filter(line -> line.startsWith("$ ./zship ")).map(line -> line.substring("$ ./zship ".length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path tree() throws IOException {
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("bin"));
        Files.createDirectories(tree.resolve("etc"));
        byte[] program = new byte[3_000_000];
        new Random(1).nextBytes(program);
        Files.write(tree.resolve("bin/icecast"), program);
        Files.writeString(tree.resolve("etc/passwd"), "root:x:0:0::/:/bin/false\n");
        Files.writeString(tree.resolve("etc/icecast.xml"), "<icecast/>\n");
        return tree;
    }
}
