package zship.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.builder.recipe.Recipes;
import zship.cli.config.AppSettings;
import zship.cli.config.Layers;
import zship.cli.config.SecretSource;
import zship.cli.config.Setting;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.AddressMask;

/** {@code zship config}: what is set, and where. */
@Command(name = "config", description = "Prints the merged configuration with the origin of every value. Takes the options of up; secrets are shown as where they are found.")
final class ConfigCommand implements Callable<Integer> {
    private static final Pattern SECRET_NAME = Pattern.compile("(?i).*(PASS|SECRET|TOKEN|KEY|CREDENTIAL).*");
    private static final String HIDDEN = "***";

    @ParentCommand
    private SessionSource root;

    @Mixin
    private AppOptions options;

    @Mixin
    private VariantOptions variant;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "the project file")
    private Optional<Path> file = Optional.empty();

    private record Line(String key, String value, String origin) {
    }

    /** The names of the places, by layer and by what a flag or a variable is called. */
    private record Origins(String project, String user) {

        String of(Layers.Layer layer, String flag, String variable) {
            return switch (layer) {
                case FLAG -> "flag " + flag;
                case ENVIRONMENT -> "environment " + variable;
                case PROJECT -> project;
                case USER -> user;
                case DEFAULT -> "default";
            };
        }
    }

    @Override
    public Integer call() {
        Session session = root.session();
        Layers layers = options.layers(session, file).withBuild(variant.config());
        AppSettings.of(layers);
        Origins origins = new Origins(
                AppSettings.projectFile(file, Path.of("").toAbsolutePath()).map(session::shown).orElse(""),
                session.shown(AppSettings.userFile(session.folders())));
        List<Line> lines = new ArrayList<>(texts(layers, origins));
        layers.ports().value().forEach((host, container) -> lines.add(new Line("ports." + host,
                container.toString(), origins.of(layers.ports().layer(), "--port", ""))));
        lines.addAll(table("env", layers.env(), ConfigCommand::shown, found -> origins.of(found, "--env", "")));
        lines.addAll(table("secrets", layers.secrets(), (name, source) -> source(session, source),
                found -> origins.of(found, "--secret", "")));
        lines.addAll(folders(session));
        if (session.output().json()) {
            session.output().result(Map.of("settings", lines.stream().map(ConfigCommand::fields).toList()), "");
        } else {
            session.output().table(List.of("KEY", "VALUE", "ORIGIN"),
                    lines.stream().map(line -> List.of(line.key, line.value.isEmpty() ? "-" : line.value, line.origin))
                            .toList());
        }
        return ExitCode.OK;
    }

    private static List<Line> texts(Layers layers, Origins origins) {
        List<Line> lines = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            Layers.Found<String> found = layers.find(setting);
            lines.add(new Line(setting.key(), AddressMask.text(found.value()),
                    origins.of(found.layer(), setting.option(), setting.variable())));
        }
        return lines;
    }

    private static <T> List<Line> table(String table, Map<String, Layers.Found<T>> values,
            BiFunction<String, T, String> text, Function<Layers.Layer, String> origin) {
        List<Line> lines = new ArrayList<>();
        new TreeMap<>(values).forEach((name, found) -> lines
                .add(new Line(table + "." + name, text.apply(name, found.value()), origin.apply(found.layer()))));
        return lines;
    }

    private static String shown(String name, String value) {
        Set<String> secrets = Set.copyOf(Recipes.builtIn("icecast").secrets());
        return secrets.contains(name) || SECRET_NAME.matcher(name).matches()
                ? HIDDEN
                : AddressMask.text(value);
    }

    private static String source(Session session, SecretSource source) {
        return switch (source) {
            case SecretSource.File(Path path) -> "file:" + session.shown(path);
            case SecretSource.Environment(String variable) -> "env:" + variable;
            case SecretSource.StandardInput ignored -> "stdin";
        };
    }

    private static List<Line> folders(Session session) {
        Map<String, String> environment = session.environment();
        return List.of(folder(session, "folder.state", session.folders().state(), "XDG_STATE_HOME", environment),
                folder(session, "folder.cache", session.folders().cache(), "XDG_CACHE_HOME", environment),
                folder(session, "folder.config", session.folders().config(), "XDG_CONFIG_HOME", environment));
    }

    private static Line folder(Session session, String key, Path path, String variable,
            Map<String, String> environment) {
        boolean set = environment.getOrDefault(variable, "").startsWith("/");
        return new Line(key, session.shown(path), set ? "environment " + variable : "default");
    }

    private static Map<String, String> fields(Line line) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", line.key);
        fields.put("value", line.value);
        fields.put("origin", line.origin);
        return fields;
    }
}
