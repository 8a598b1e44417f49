package zship.localnode.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProcStatTest {
    @TempDir
    private Path directory;

    @Test
    void nameWithBlanksAndBracketsIsRead() {
        ProcStat stat = ProcStat.parse("42 (a b) c) S 7 42 42 0 -1 4194560 1 2 3 4 11 12 0 0 20 0 1 0 900 4096 5 6");
        assertThat(stat).isEqualTo(new ProcStat(42, "a b) c", false, 7, 11, 12, 900, 4096, 5 * 4096));
    }

    @Test
    void markOfThisProcessIsAliveAndAnotherStartIsNot() {
        ProcessMark mark = ProcessMark.of(ProcessHandle.current().pid()).orElseThrow();
        assertThat(mark.isAlive()).isTrue();
        assertThat(new ProcessMark(mark.pid(), "x:1").isAlive()).isFalse();
        assertThat(new ProcessMark(mark.pid(), "x:1").signal(Signals.KILL)).isFalse();
    }

    @Test
    void listeningSocketIsFoundWithItsProcess() throws IOException {
        long self = ProcessHandle.current().pid();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(Sockets.listeners(self, List.of(self)))
                    .anySatisfy(socket -> {
                        assertThat(socket.port()).isEqualTo(server.getLocalPort());
                        assertThat(socket.pid()).isEqualTo(self);
                        assertThat(socket.address().getHostAddress()).endsWith("127.0.0.1");
                    });
        }
    }

    @Test
    void peerOnLoopbackIsKnownByItsUser() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Socket client = new Socket("127.0.0.1", server.getLocalPort());
                Socket accepted = server.accept()) {
            InetSocketAddress peer = (InetSocketAddress) accepted.getRemoteSocketAddress();
            InetSocketAddress self = (InetSocketAddress) accepted.getLocalSocketAddress();
            int uid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            assertThat(new LoopbackPeers().user(peer, self)).hasValue(uid);
            assertThat(new LoopbackPeers().isTrusted(peer, self)).isTrue();
            assertThat(client.isConnected()).isTrue();
            assertThat(new LoopbackPeers().isTrusted(new InetSocketAddress(peer.getAddress(), 1), self)).isFalse();
        }
    }

    @Test
    void programThatIsNoneIsNamed() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "no program");
        Executables.Look here = name -> Executables.Found.of(Path.of(name));
        assertThatThrownBy(() -> Executables.find(text.toString(), "", here))
                .hasMessage("fork/exec " + text + ": permission denied");
        assertThat(text.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> Executables.find(text.toString(), "", here))
                .hasMessage("fork/exec " + text + ": exec format error");
        assertThat(Executables.find("sh", "/nonexistent:/bin", here)).isEqualTo("/bin/sh");
    }

    @Test
    void exitBySignalIsToldFromAnExitCode() {
        assertThat(Exit.of(3, false, false)).isEqualTo(new Exit(3, false));
        assertThat(Exit.of(137, false, false)).isEqualTo(new Exit(9, true));
        assertThat(Exit.of(137, false, true)).isEqualTo(new Exit(137, false));
        assertThat(Exit.of(143, true, true)).isEqualTo(new Exit(15, true));
        assertThat(Exit.of(255, true, false)).isEqualTo(new Exit(255, false));
    }

    @Test
    void privateFileIsReplacedInOneStep() throws Exception {
        Path file = directory.resolve("f");
        PrivateFiles.write(file, "one");
        PrivateFiles.write(file, "two");
        assertThat(file).hasContent("two");
        assertThat(Tool.run(Map.of("PATH", "/usr/bin:/bin"), directory, List.of("ls", "-A")).output()).isEqualTo("f");
    }
}
