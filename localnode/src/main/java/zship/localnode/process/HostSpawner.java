package zship.localnode.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts programs on the node itself, each in a session of its own. */
public final class HostSpawner implements Spawner {

    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Map<String, String> environment;

    /** Programs get this environment and what their command adds to it. */
    public HostSpawner(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Spawned spawn(Launch launch) throws SpawnException {
        String path = environment.getOrDefault("PATH", DEFAULT_PATH);
        String program = Executables.find(launch.name(), path,
                name -> Executables.Found.of(Path.of(name)));
        if (!launch.directory().isEmpty() && !Files.isDirectory(Path.of(launch.directory()))) {
            throw SpawnException.failed(program, "no such file or directory");
        }
        List<String> command = new ArrayList<>(List.of("setsid", program));
        command.addAll(launch.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(launch.stdin().toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.stdout().toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(launch.stderr().toFile()));
        if (!launch.directory().isEmpty()) {
            builder.directory(Path.of(launch.directory()).toFile());
        }
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().putAll(launch.environment());
        try {
            return new HostProcess(builder.start(), launch.shell());
        } catch (IOException refused) {
            throw SpawnException.failed(program, String.valueOf(refused.getMessage()));
        }
    }

    private static final class HostProcess implements Spawned {
        private final Process process;
        private final boolean shell;
        private final AtomicBoolean killed = new AtomicBoolean();

        HostProcess(Process process, boolean shell) {
            this.process = process;
            this.shell = shell;
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public long visiblePid() {
            return process.pid();
        }

        @Override
        public Exit await() throws InterruptedException {
            return Exit.of(process.waitFor(), killed.get(), shell);
        }

        @Override
        public void signal(int signal, boolean group) {
            killed.set(true);
            if (!group || !Signals.toGroup(process.pid(), signal)) {
                Signals.toProcess(process.pid(), signal);
            }
        }
    }
}
