package zship.localnode.container;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

import zship.localnode.files.RootedFiles;
import zship.localnode.process.Executables;
import zship.localnode.process.Exit;
import zship.localnode.process.Launch;
import zship.localnode.process.PrivateFiles;
import zship.localnode.process.ProcessTable;
import zship.localnode.process.Signals;
import zship.localnode.process.SpawnException;
import zship.localnode.process.Spawned;
import zship.localnode.process.Spawner;

/**
 * Starts programs inside a container through {@code runc exec}, each in a session of its own. Arguments and environment
 * travel in a private file that is gone when the program runs: they never show in an argument list outside.
 */
final class RuncSpawner implements Spawner {

    private static final long STEP_MILLIS = 2;

    private final Runc runc;
    private final String name;
    private final OciConfig config;
    private final RootedFiles files;
    private final Path work;
    private final LongConsumer started;
    private final AtomicLong serial = new AtomicLong();

    /**
     * A spawner for one container.
     *
     * @param files   what its programs see, mounts among it; runc finds the same when it enters
     * @param started is told the id of each process as soon as it is known
     */
    RuncSpawner(Runc runc, String name, OciConfig config, RootedFiles files, Path work, LongConsumer started) {
        this.started = started;
        this.runc = runc;
        this.name = name;
        this.config = config;
        this.files = files;
        this.work = work;
    }

    @Override
    public Spawned spawn(Launch launch) throws SpawnException, InterruptedException {
        Map<String, String> environment = new LinkedHashMap<>(config.environment());
        String program = Executables.find(launch.name(), environment.getOrDefault("PATH", ""), this::look);
        environment.putAll(launch.environment());
        String directory = launch.directory().isEmpty() ? "/" : launch.directory();
        if (!isDirectory(directory)) {
            throw SpawnException.failed(program, "no such file or directory");
        }
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(launch.arguments());
        Path base = work.resolve("exec-" + serial.incrementAndGet() + "-" + System.nanoTime());
        Path processFile = Path.of(base + ".json");
        Path pidFile = Path.of(base + ".pid");
        try {
            PrivateFiles.write(processFile, config.process(command, directory, environment).toString());
            return start(launch, program, processFile, pidFile);
        } catch (IOException refused) {
            throw SpawnException.failed(program, String.valueOf(refused.getMessage()));
        } finally {
            remove(processFile);
            remove(pidFile);
        }
    }

    private Executables.Found look(String path) {
        try {
            return files.visit(path, Executables.Found::of);
        } catch (IOException unreachable) {
            return Executables.Found.NOTHING;
        }
    }

    private boolean isDirectory(String path) {
        try {
            return files.visit(path, Files::isDirectory);
        } catch (IOException unreachable) {
            return false;
        }
    }

    private Spawned start(Launch launch, String program, Path processFile, Path pidFile)
            throws IOException, SpawnException, InterruptedException {
        long errorsBefore = Files.size(launch.stderr());
        Process runcExec = runc.exec(name, processFile, pidFile).redirectInput(launch.stdin().toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.stdout().toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(launch.stderr().toFile())).start();
        Optional<Long> pid = readPid(pidFile);
        while (pid.isEmpty() && runcExec.isAlive()) {
            Thread.sleep(STEP_MILLIS);
            pid = readPid(pidFile);
        }
        pid = pid.isEmpty() ? readPid(pidFile) : pid;
        if (pid.isEmpty()) {
            throw SpawnException.failed(program, reason(launch.stderr(), errorsBefore));
        }
        started.accept(pid.get());
        return new Inside(runcExec, pid.get(), ProcessTable.visiblePid(pid.get()), launch.shell());
    }

    private static Optional<Long> readPid(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        String text = Files.readString(pidFile).strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(text));
    }

    /** What runc said belongs to the error, not to the output of a program that never ran. */
    private static String reason(Path errors, long before) throws IOException {
        try (FileChannel channel = FileChannel.open(errors, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.position(before);
            byte[] said = Channels.newInputStream(channel).readNBytes(8192);
            channel.truncate(before);
            String text = new String(said, StandardCharsets.UTF_8).strip();
            String last = text.lines().reduce("", (first, second) -> second);
            return last.substring(last.lastIndexOf(": ") < 0 ? 0 : last.lastIndexOf(": ") + 2).replace("\"", "");
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stuck) {
            System.getLogger(RuncSpawner.class.getName()).log(System.Logger.Level.WARNING, "{0} stays: {1}", file,
                    stuck.getMessage());
        }
    }

    private static final class Inside implements Spawned {
        private final Process runcExec;
        private final long pid;
        private final long visiblePid;
        private final boolean shell;
        private final AtomicBoolean killed = new AtomicBoolean();

        Inside(Process runcExec, long pid, long visiblePid, boolean shell) {
            this.runcExec = runcExec;
            this.pid = pid;
            this.visiblePid = visiblePid;
            this.shell = shell;
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public long visiblePid() {
            return visiblePid;
        }

        @Override
        public Exit await() throws InterruptedException {
            return Exit.of(runcExec.waitFor(), killed.get(), shell);
        }

        @Override
        public void signal(int signal, boolean group) {
            killed.set(true);
            if (runcExec.isAlive() && (!group || !Signals.toGroup(pid, signal))) {
                Signals.toProcess(pid, signal);
            }
        }
    }
}
