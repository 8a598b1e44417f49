package zship.builder.step;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import zship.builder.BuildEvent;
import zship.builder.BuildException;
import zship.builder.recipe.RecipeDefinition;
import zship.builder.tool.Toolbox;

/**
 * Starts the services of a finished root on this machine, in namespaces of their own: they see nothing but the root,
 * which they cannot write, and have a network without a way out. They must answer at the path that tells their health,
 * take the passwords that they were given and no other, and end when they are sent SIGTERM.
 */
final class Trial {

    private static final String NAME = "test";
    private static final int PATIENCE_SECONDS = 30;
    private static final int ENDED = 3;
    private static final int SILENT = 4;
    private static final int STUBBORN = 5;
    private static final int WRONG_ANSWER = 6;
    private static final int PASSWORD_BYTES = 16;
    /** What bwrap(1) says when it is refused; that a program of the root cannot be started is the root's fault. */
    private static final Pattern NO_NAMESPACE = Pattern.compile("(?m)^bwrap: (?!execvp|Can't find).*");

    /** Works in the outer namespaces, where the services' ports can be reached; bash(1) speaks TCP by itself. */
    private static final String SCRIPT = """
            port=$1 path=$2 patience=$3 folder=$4
            shift 4
            services=()
            for service; do
                bash "$service" & services+=($!)
            done
            running() { for it in "${services[@]}"; do kill -0 "$it" 2>/dev/null || return 1; done; }
            answer() {
                exec 3<>"/dev/tcp/127.0.0.1/$port" || return
                printf 'GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' "$path" >&3
                IFS=' ' read -r -t 5 version status rest <&3
                echo "$version $status $rest"
                [ "$status" = 200 ]
            }
            until (answer) 2>/dev/null; do
                running || exit 3
                [ "$SECONDS" -lt "$patience" ] || exit 4
                sleep 0.1
            done
            echo "$EPOCHREALTIME" >"$folder/ready"
            login() {
                exec 3<>"/dev/tcp/127.0.0.1/$port" || return
                cat "$1" >&3
                IFS=' ' read -r -t 5 version status rest <&3
                echo "$status"
            }
            for request in "$folder"/login-*; do
                [ -e "$request" ] || continue
                status=$(login "$request" 2>/dev/null)
                if [ "$status" != "${request##*-}" ]; then
                    echo "${request##*/} $status" >"$folder/verdict"
                    exit 6
                fi
            done
            for it in "${services[@]}"; do
                while read -r child rest <"/proc/$it/task/$it/children" && [ -n "$child" ]; do it=$child; done
                kill -TERM "$it"
            done
            ends=$((SECONDS + 15))
            for it in "${services[@]}"; do
                while kill -0 "$it" 2>/dev/null; do
                    [ "$SECONDS" -lt "$ends" ] || exit 5
                    sleep 0.1
                done
            done
            """;

    private final StepContext build;
    private final RecipeDefinition recipe;
    private final TrialLogins logins;

    Trial(StepContext build) {
        this.build = build;
        this.recipe = build.definition();
        this.logins = new TrialLogins(recipe.health().logins());
    }

    /**
     * Starts the services and waits for them.
     *
     * @throws BuildException that quotes what they printed last when they end, do not answer, take a wrong password or not the
     *         right one, or do not stop
     */
    BuildEvent.RootTested run() throws IOException {
        Bubblewrap.provide(build, NAME, "start the root");
        build.begin(NAME, "starting the root");
        Map<String, String> secrets = secrets();
        Toolbox tools = build.tools(NAME).withEnvironment(secrets);
        Path folder = build.workspace().temporary(NAME);
        try {
            logins.write(folder, secrets);
            long begin = System.currentTimeMillis();
            int status = tools.runForStatus(folder, command(folder, tools));
            if (status != 0) {
                throw failure(status, folder, tools);
            }
            double end = Double.parseDouble(Files.readString(folder.resolve("ready")).strip().replace(',', '.'));
            return new BuildEvent.RootTested(recipe.health().port(), recipe.health().path(),
                    Duration.ofMillis(Math.round(end * 1000) - begin), logins.secrets());
        } finally {
            Trees.delete(folder);
        }
    }

    private List<String> command(Path folder, Toolbox tools) throws IOException {
        Path script = Files.writeString(folder.resolve("script"), SCRIPT);
        String bwrap = tools.find("bwrap").map(Path::toString).orElseThrow();
        List<String> command = new ArrayList<>(List.of("bwrap", "--dev-bind", "/", "/",
                "--unshare-net", "--die-with-parent", "bash", script.toString(),
                String.valueOf(recipe.health().port()), recipe.health().path(), String.valueOf(PATIENCE_SECONDS),
                folder.toString()));
        for (RecipeDefinition.Service service : recipe.services()) {
            List<String> words = new ArrayList<>(List.of("exec", bwrap));
            words.addAll(enclosure());
            words.add(service.command());
            words.addAll(service.arguments());
            Path file = folder.resolve(service.name() + ".service");
            Files.writeString(file, words.stream().map(Trial::quoted).collect(Collectors.joining(" ")),
                    StandardCharsets.UTF_8);
            command.add(file.toString());
        }
        return command;
    }

    /** The root as the service's user sees it; the folders that are this user's can be written, as in a container. */
    private List<String> enclosure() {
        RecipeDefinition.User user = recipe.root().users().stream().findFirst()
                .orElse(new RecipeDefinition.User("service", 1000, 1000, "/"));
        List<String> words = new ArrayList<>(List.of("--ro-bind", Cleanup.root(build.workspace()).toString(), "/",
                "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/run", "--perms", "1777", "--tmpfs", "/tmp",
                "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-user", "--uid",
                String.valueOf(user.uid()), "--gid", String.valueOf(user.gid()), "--die-with-parent"));
        for (RecipeDefinition.Directory directory : recipe.root().directories()) {
            if (directory.uid() == user.uid()) {
                words.addAll(List.of("--perms", directory.mode(), "--tmpfs", "/" + directory.path()));
            }
        }
        return words;
    }

    private Map<String, String> secrets() {
        Map<String, String> secrets = new TreeMap<>();
        SecureRandom random = new SecureRandom();
        for (String name : recipe.secrets()) {
            byte[] bytes = new byte[PASSWORD_BYTES];
            random.nextBytes(bytes);
            secrets.put(name, HexFormat.of().formatHex(bytes));
        }
        return secrets;
    }

    private BuildException failure(int status, Path folder, Toolbox tools) throws IOException {
        String said = tools.lastLines();
        if (NO_NAMESPACE.matcher(said).find()) {
            return BuildException.prerequisite("start the root of " + recipe.name(), said,
                    "allow user namespaces: sysctl -w user.max_user_namespaces=10000; or leave --test out");
        }
        String answer = "port %d at %s".formatted(recipe.health().port(), recipe.health().path());
        String why = switch (status) {
            case ENDED -> "it ended before it answered on " + answer;
            case SILENT -> "it did not answer with status 200 on %s within %d seconds".formatted(answer,
                    PATIENCE_SECONDS);
            case WRONG_ANSWER -> logins.fault(Files.readString(folder.resolve("verdict")));
            case STUBBORN -> "it did not end within 15 seconds after SIGTERM";
            default -> "it could not be started, exit status " + status;
        };
        return BuildException.failed("test the root of " + recipe.name(), why + "\n" + said,
                "the whole output is in " + build.workspace().log(NAME));
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
