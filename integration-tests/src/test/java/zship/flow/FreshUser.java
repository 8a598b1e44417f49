package zship.flow;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import zship.loopback.FreePort;

import static org.assertj.core.api.Assertions.assertThat;

/** A test with a user of its own, whose home is empty; afterwards nothing of that user may be left on the machine. */
abstract class FreshUser {
    @TempDir
    Path folder;

    Zship zship;
    int port;

    @BeforeEach
    final void user() throws IOException {
        zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        port = FreePort.choose();
    }

    @AfterEach
    final void leavesNothing() throws IOException, InterruptedException {
        zship.close();
        assertThat(Leftovers.mountsBelow(folder)).isEmpty();
        assertThat(Leftovers.processesOf(folder)).isEmpty();
    }
}
