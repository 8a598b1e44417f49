package zship.builder.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import zship.builder.BuildException;

/** The Debian packages of this machine, asked and changed through Debian's own programs. */
public final class DebianPackages {

    /** Settings of the caller that programs using the network need. */
    private static final List<String> PROXY_VARIABLES = List.of("http_proxy", "https_proxy", "ftp_proxy", "no_proxy");
    private static final Path ROOT = Path.of("/");

    private final Toolbox tools;
    private final Map<String, String> environment;

    /**
     * Creates access to the packages.
     *
     * @param tools runs dpkg-query and apt-get
     * @param environment environment of the calling process; only its proxy settings are used
     */
    public DebianPackages(Toolbox tools, Map<String, String> environment) {
        this.tools = tools;
        this.environment = Map.copyOf(environment);
    }

    /** Tells whether this machine has Debian's package database. */
    public boolean available() {
        return tools.find("dpkg-query").isPresent();
    }

    /** Returns the versions of those packages that are installed, by name. */
    public Map<String, String> installed(List<String> packages) throws IOException {
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

    /**
     * Installs packages when this process is root; package lists are updated when that is needed.
     *
     * @param packages their names
     * @param purpose what they are for, as in "find the packages that compile icecast"
     * @throws BuildException of kind PREREQUISITE with the exact command, when they are not installed afterwards
     */
    public void install(List<String> packages, String purpose) throws IOException {
        String command = "apt-get install --no-install-recommends " + String.join(" ", packages);
        String why = "not installed: " + String.join(", ", packages);
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        if (!root || tools.find("apt-get").isEmpty()) {
            throw BuildException.prerequisite(purpose, why, "as root: " + command);
        }
        Toolbox apt = tools.withEnvironment(aptEnvironment());
        List<String> install = new ArrayList<>(List.of("apt-get", "install", "--yes", "--no-install-recommends",
                "--option=DPkg::Lock::Timeout=300"));
        install.addAll(packages);
        boolean done = apt.runForStatus(ROOT, install) == 0
                || apt.runForStatus(ROOT, List.of("apt-get", "update")) == 0 && apt.runForStatus(ROOT, install) == 0;
        if (!done) {
            throw BuildException.prerequisite(purpose, why + "\n" + tools.lastLines(), "as root: " + command);
        }
    }

    /** Returns the environment that apt needs besides the common one. */
    public Map<String, String> aptEnvironment() {
        Map<String, String> needed = new TreeMap<>(environment);
        needed.keySet().retainAll(PROXY_VARIABLES);
        needed.put("DEBIAN_FRONTEND", "noninteractive");
        return needed;
    }
}
