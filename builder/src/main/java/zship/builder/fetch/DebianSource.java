package zship.builder.fetch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import zship.builder.tool.Toolbox;

/**
 * Fetches the original archive of a Debian source package from the mirrors that the host is set up for. apt gets
 * folders of its own for its source list, its state and its cache, so the host's settings stay as they are; it verifies
 * the mirrors with the host's keys.
 */
public final class DebianSource {

    private final Path aptFolder;
    private final Path scratch;
    private final Toolbox tools;

    /**
     * Creates the fetch.
     *
     * @param aptFolder the host's apt settings, usually {@code /etc/apt}
     * @param scratch an empty folder, whose content the caller removes
     * @param tools the programs, with the environment for apt
     */
    public DebianSource(Path aptFolder, Path scratch, Toolbox tools) {
        this.aptFolder = aptFolder;
        this.scratch = scratch;
        this.tools = tools;
    }

    /**
     * Fetches the original archive of {@code sourcePackage} in the upstream version {@code version}.
     *
     * @return the file, in the scratch folder; its digest is not checked here
     * @throws IOException with the reason when no mirror has it
     */
    public Path fetch(String sourcePackage, String version) throws IOException {
        if (tools.find("apt-get").isEmpty()) {
            throw new IOException("this machine has no apt-get");
        }
        prepare();
        // A mirror that does not answer must not keep another from being asked: what matters is what follows.
        int status = tools.runForStatus(scratch, apt("apt-get", "update"));
        List<String> versions = versions(sourcePackage);
        List<String> matching = versions.stream().filter(found -> upstream(found).equals(version)).toList();
        if (matching.isEmpty()) {
            throw new IOException("the package mirrors have %s".formatted(versions.isEmpty()
                    ? "no such source package (apt-get update ended with status %d)".formatted(status)
                    : "only version " + String.join(", ", versions)));
        }
        List<String> source = apt("apt-get", "source", "--download-only", "--only-source", "--tar-only",
                "%s=%s".formatted(sourcePackage, matching.getFirst()));
        if (tools.runForStatus(scratch, source) != 0) {
            throw new IOException(tools.lastLines());
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(scratch, "*.orig.tar.gz")) {
            for (Path file : files) {
                return file;
            }
        }
        throw new IOException("apt-get fetched no *.orig.tar.gz");
    }

    private void prepare() throws IOException {
        for (String folder : List.of("sources", "state/lists/partial", "cache/archives/partial")) {
            Files.createDirectories(scratch.resolve(folder));
        }
        Files.createFile(scratch.resolve("state/status"));
        Files.writeString(scratch.resolve("sources/mirrors.sources"), AptSources.read(aptFolder).sourcePackages());
    }

    private List<String> versions(String sourcePackage) throws IOException {
        Toolbox.Output shown = tools.capture(scratch, apt("apt-cache", "showsrc", "--only-source", sourcePackage));
        return shown.text().lines().filter(line -> line.startsWith("Version: "))
                .map(line -> line.substring("Version: ".length()).strip()).distinct().toList();
    }

    /** Returns the upstream part of {@code [epoch:]upstream[-revision]}, as in Debian's policy, section 5.6.12. */
    static String upstream(String version) {
        String withoutEpoch = version.substring(version.indexOf(':') + 1);
        int dash = withoutEpoch.lastIndexOf('-');
        return dash < 0 ? withoutEpoch : withoutEpoch.substring(0, dash);
    }

    private List<String> apt(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program, //
                "--option=Dir::Etc::sourcelist=/dev/null", //
                "--option=Dir::Etc::sourceparts=" + scratch.resolve("sources"), //
                "--option=Dir::State=" + scratch.resolve("state"), //
                "--option=Dir::State::status=" + scratch.resolve("state/status"), //
                "--option=Dir::Cache=" + scratch.resolve("cache"), //
                "--option=APT::Sandbox::User=root", //
                "--option=Acquire::Languages=none", //
                "--option=Acquire::Retries=2"));
        command.addAll(List.of(arguments));
        return command;
    }
}
