package zship.builder.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import zship.builder.BuildException;
import zship.builder.fetch.AptSources;
import zship.builder.tool.Toolbox;

/**
 * apt(8) with folders of its own for its source list, its state and its cache. The host's packages and settings stay as
 * they are and no right of root is needed; the mirrors are verified with the host's keys.
 */
public final class PrivateApt {

    private static final Pattern PLANNED = Pattern.compile("'[^']*' (\\S+) \\d+ \\S*");
    private static final Pattern UNKNOWN = Pattern
            .compile("E: (?:Unable to locate package|Package '|Version '[^']*' for ')\\s*'?([^' ]+)");

    /** What apt says of a list that it could not fetch or does not trust; the update may succeed all the same. */
    private static final Pattern UNFETCHED = Pattern.compile("(?:W: Failed to fetch |W: (?=GPG error)|E: )(.*)");

    private final Path folder;
    private final Path hostSettings;
    private final Toolbox tools;

    /**
     * Creates access to the mirrors.
     *
     * @param folder where its folders are; made when missing
     * @param hostSettings the host's apt settings, usually {@code /etc/apt}
     * @param tools the programs, with the environment for apt
     */
    public PrivateApt(Path folder, Path hostSettings, Toolbox tools) {
        this.folder = folder;
        this.hostSettings = hostSettings;
        this.tools = tools;
    }

    /**
     * Fetches packages and everything that they depend on.
     *
     * @return the package files, in {@code archives}
     * @throws BuildException of kind PREREQUISITE that names the package when the mirrors do not have it, or the mirrors
     *         when they do not answer
     */
    List<Path> fetch(List<String> packages) throws IOException {
        if (tools.find("apt-get").isEmpty()) {
            throw BuildException.prerequisite("fetch the packages of the build environment",
                    "this machine has no apt-get", "build on Debian, or with --host");
        }
        prepare();
        // A mirror that does not answer must not keep another from being asked: what matters is what follows.
        tools.runForStatus(folder, apt("apt-get", folder.resolve("archives"), List.of("update")));
        List<String> unfetched = unfetched();
        Path nothing = Files.createDirectories(folder.resolve("nothing/partial"));
        Toolbox.Output plan = tools.capture(folder, install(Objects.requireNonNull(nothing.getParent()),
                "--print-uris", packages));
        if (plan.status() != 0) {
            throw unfetched.isEmpty() ? missing(packages) : withoutLists(unfetched);
        }
        if (tools.runForStatus(folder, install(folder.resolve("archives"), "--download-only", packages)) != 0) {
            throw missing(packages);
        }
        List<Path> files = new ArrayList<>();
        for (String line : plan.text().lines().toList()) {
            Matcher matcher = PLANNED.matcher(line);
            if (matcher.matches()) {
                files.add(folder.resolve("archives").resolve(matcher.group(1)));
            }
        }
        return files;
    }

    private List<String> unfetched() throws IOException {
        return tools.lastLines().lines().map(UNFETCHED::matcher).filter(Matcher::matches)
                .map(line -> line.group(1).replaceAll("\\s+", " ")).distinct().toList();
    }

    private BuildException withoutLists(List<String> unfetched) throws IOException {
        List<String> why = new ArrayList<>(unfetched);
        Matcher unknown = UNKNOWN.matcher(tools.lastLines());
        if (unknown.find()) {
            why.add("the package %s is not in the lists that are there".formatted(unknown.group(1)));
        }
        return BuildException.prerequisite("fetch the lists of packages", String.join("\n", why),
                "see that the mirrors in %s can be reached, or use what is installed on this machine with --host"
                        .formatted(hostSettings));
    }

    private BuildException missing(List<String> packages) throws IOException {
        String said = tools.lastLines();
        Matcher unknown = UNKNOWN.matcher(said);
        String what = unknown.find()
                ? "find the package " + unknown.group(1)
                : "fetch the packages " + String.join(" ", packages);
        return BuildException.prerequisite(what, said, "look at the mirrors in " + hostSettings
                + ", or use what is installed on this machine with --host");
    }

    private void prepare() throws IOException {
        for (String part : List.of("sources", "state/lists/partial", "archives/partial", "cache", "log")) {
            Files.createDirectories(folder.resolve(part));
        }
        Files.writeString(folder.resolve("state/status"), "");
        Files.writeString(folder.resolve("sources/mirrors.sources"),
                AptSources.read(hostSettings).debianOnly().binaryPackages());
    }

    private List<String> install(Path archives, String how, List<String> packages) {
        List<String> arguments = new ArrayList<>(
                List.of("--quiet", "--quiet", "--yes", "--no-install-recommends", how, "install"));
        arguments.addAll(packages);
        return apt("apt-get", archives, arguments);
    }

    private List<String> apt(String program, Path archives, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program, //
                "--option=Dir::Etc::sourcelist=/dev/null", //
                "--option=Dir::Etc::sourceparts=" + folder.resolve("sources"), //
                "--option=Dir::Etc::preferences=/dev/null", //
                "--option=Dir::Etc::preferencesparts=/dev/null", //
                "--option=Dir::State=" + folder.resolve("state"), //
                "--option=Dir::State::status=" + folder.resolve("state/status"), //
                "--option=Dir::Cache=" + folder.resolve("cache"), //
                "--option=Dir::Cache::archives=" + archives, //
                "--option=Dir::Log=" + folder.resolve("log"), //
                "--option=APT::Sandbox::User=root", //
                "--option=APT::Get::Show-User-Simulation-Note=false", //
                "--option=Acquire::Languages=none", //
                "--option=Acquire::Retries=2"));
        command.addAll(arguments);
        return command;
    }
}
