package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import zship.builder.sandbox.Sandbox;
import zship.builder.tool.Toolbox;

/**
 * Where programs of a step work: a folder with {@code source}, the components in {@code deps} and the result in
 * {@code out}. In a sandbox the programs see the folder at a constant place, so that it cannot show in what they make.
 */
final class WorkPlace {

    static final String SOURCE = "source";
    static final String DEPS = "deps";
    static final String OUT = "out";
    private static final String ROOT = "root";

    private final Path folder;
    private final Optional<Sandbox> sandbox;
    private final Toolbox tools;
    private final Map<String, String> common;

    private WorkPlace(Path folder, Optional<Sandbox> sandbox, Toolbox tools, Map<String, String> common)
            throws IOException {
        this.folder = folder;
        this.sandbox = sandbox;
        this.tools = tools;
        this.common = common;
        for (String part : List.of(SOURCE, DEPS, OUT, OUT + "/" + ROOT)) {
            Files.createDirectories(folder.resolve(part));
        }
    }

    /**
     * Makes a place.
     *
     * @param build the build
     * @param folder an empty folder
     * @param log where the output of the programs goes
     */
    static WorkPlace in(StepContext build, Path folder, Path log) throws IOException {
        Optional<Sandbox> sandbox = build.buildRoot().map(root -> new Sandbox(root, folder));
        Map<String, String> common = new TreeMap<>();
        WorkPlace place = new WorkPlace(folder, sandbox, build.tools(log), common);
        common.put("DEPS", place.seen(DEPS));
        common.put("OUT", place.seen(OUT));
        common.put("ROOT", place.seen(OUT + "/" + ROOT));
        common.put("JOBS", Integer.toString(Runtime.getRuntime().availableProcessors()));
        common.put("PKG_CONFIG_PATH", place.seen(DEPS + "/lib/pkgconfig"));
        return place;
    }

    /** Sets the time that programs write instead of the present one. */
    void date(Instant time) {
        common.put("SOURCE_DATE_EPOCH", Long.toString(time.getEpochSecond()));
    }

    /** Returns a part of the folder on this machine. */
    Path path(String part) {
        return folder.resolve(part);
    }

    /** Returns a part of the folder as the programs see it. */
    String seen(String part) {
        return sandbox.isPresent() ? Sandbox.WORK + "/" + part : folder.resolve(part).toString();
    }

    /** Returns what was installed with the prefix {@code $DEPS}. */
    Path installed() {
        return path(OUT).resolve(seen(DEPS).substring(1));
    }

    /** Returns what was put into {@code $ROOT}. */
    Path rootParts() {
        return path(OUT).resolve(ROOT);
    }

    /** Fills in the places that stand in braces in a recipe's arguments. */
    String expand(String text) {
        return text.replace("{deps}", seen(DEPS)).replace("{source}", seen(SOURCE)).replace("{out}", seen(OUT));
    }

    /** Gives the folder to the user that programs run as; files that are added later would not be theirs. */
    void handOver() throws IOException {
        if (sandbox.isPresent()) {
            sandbox.get().handOver();
        }
    }

    /**
     * Runs a program in {@code source} and expects it to succeed.
     *
     * @param environment more variables
     * @param command the program and its arguments, whose places in braces are filled in
     */
    void run(Map<String, String> environment, List<String> command) throws IOException {
        List<String> expanded = command.stream().map(this::expand).toList();
        toolbox(environment, false).run(path(SOURCE), expanded);
    }

    /** Starts a shell on the caller's terminal and returns its status when it ends. */
    int shell(Map<String, String> environment) throws IOException {
        return toolbox(environment, true).interact(path(SOURCE), List.of("bash", "--norc", "-i"));
    }

    private Toolbox toolbox(Map<String, String> environment, boolean terminal) throws IOException {
        Map<String, String> all = new TreeMap<>(common);
        environment.forEach((name, value) -> all.put(name, expand(value)));
        Toolbox set = tools.withEnvironment(all);
        if (sandbox.isEmpty()) {
            return set;
        }
        // bwrap itself is the host's, found on the host; it and what it runs get the sandbox's search path.
        List<String> words = new ArrayList<>(sandbox.get().words(seen(SOURCE), terminal));
        words.set(0, tools.find(words.getFirst()).map(Path::toString).orElse(words.getFirst()));
        return set.by(words, Sandbox.SEARCH_PATH);
    }
}
