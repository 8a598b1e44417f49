package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import zship.builder.BuildEvent;
import zship.builder.BuildException;
import zship.builder.Sha256;
import zship.builder.tool.Toolbox;

/** Step 1: the Debian packages that the compilation needs. Missing ones are installed when the build runs as root. */
final class EarlyStage implements Step {

    static final String NAME = "earlystage";

    /** Settings of the caller that programs using the network need. */
    static final List<String> PROXY_VARIABLES = List.of("http_proxy", "https_proxy", "ftp_proxy", "no_proxy");

    private static final Path ROOT = Path.of("/");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Outcome perform(StepContext build, boolean force) throws IOException {
        List<String> packages = build.definition().compile().packages();
        Toolbox tools = build.tools(NAME);
        boolean debian = tools.find("dpkg-query").isPresent();
        Map<String, String> versions = debian ? versions(tools, packages) : Map.of();
        List<String> missing = packages.stream().filter(name -> debian && !versions.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            build.begin(NAME, "installing " + String.join(" ", missing));
            install(build, tools, missing);
            build.events().on(new BuildEvent.PackagesInstalled(missing));
        }
        checkTools(build, tools, debian);
        Map<String, String> used = missing.isEmpty() ? versions : versions(tools, packages);
        build.workspace().writeStamp(NAME, Sha256.ofText(used.toString()).hex());
        return new Outcome("%d packages".formatted(packages.size()), missing.isEmpty());
    }

    /** Returns the versions of those packages that are installed. */
    private static Map<String, String> versions(Toolbox tools, List<String> packages) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package} ${Version}\\n"));
        command.addAll(packages);
        Map<String, String> versions = new TreeMap<>();
        for (String line : tools.capture(ROOT, command).text().lines().toList()) {
            String[] fields = line.split(" ");
            if (fields.length == 3 && fields[0].equals("installed")) {
                versions.put(fields[1], fields[2]);
            }
        }
        return versions;
    }

    private static void install(StepContext build, Toolbox tools, List<String> missing) throws IOException {
        String command = "apt-get install --no-install-recommends " + String.join(" ", missing);
        String what = "find the packages that compile " + build.recipe().name();
        String why = "not installed: " + String.join(", ", missing);
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        if (!root || tools.find("apt-get").isEmpty()) {
            throw BuildException.prerequisite(what, why, "as root: " + command);
        }
        Toolbox apt = tools.withEnvironment(aptEnvironment(build));
        List<String> install = new ArrayList<>(List.of("apt-get", "install", "--yes", "--no-install-recommends",
                "--option=DPkg::Lock::Timeout=300"));
        install.addAll(missing);
        boolean installed = apt.runForStatus(ROOT, install) == 0
                || apt.runForStatus(ROOT, List.of("apt-get", "update")) == 0 && apt.runForStatus(ROOT, install) == 0;
        if (!installed) {
            throw BuildException.prerequisite(what, why + "\n" + tools.lastLines(), "as root: " + command);
        }
    }

    /** Returns the environment that apt needs besides the common one. */
    static Map<String, String> aptEnvironment(StepContext build) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("DEBIAN_FRONTEND", "noninteractive");
        for (String name : PROXY_VARIABLES) {
            String value = build.settings().environment().get(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        return environment;
    }

    private static void checkTools(StepContext build, Toolbox tools, boolean debian) {
        List<String> missing = build.definition().compile().tools().stream()
                .filter(tool -> tools.find(tool).isEmpty()).toList();
        if (!missing.isEmpty()) {
            String packages = String.join(" ", build.definition().compile().packages());
            throw BuildException.prerequisite("find the programs that compile " + build.recipe().name(),
                    "not in %s: %s".formatted(build.searchPath(), String.join(", ", missing)),
                    debian
                            ? "as root: apt-get install --reinstall " + packages
                            : "install what Debian calls " + packages);
        }
    }
}
