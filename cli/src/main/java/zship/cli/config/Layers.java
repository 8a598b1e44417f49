package zship.cli.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The places where settings can stand, and which of them wins: flag, environment, project file, user file, default.
 *
 * @param flags what the command line says; the same shape as a project file
 * @param environment the process environment
 * @param project the project file
 * @param user the user's own file
 * @param otherwise what holds when nothing is set: the name, and the forwards
 */
public record Layers(ProjectFile flags, Map<String, String> environment, ProjectFile project, ProjectFile user,
        ProjectFile otherwise) {

    /** The recipe whose container has another name than the recipe itself. */
    private static final String ICECAST = "icecast";
    private static final int ICECAST_PORT = 8000;

    /** Creates the places of an application of the built-in recipe. */
    public Layers(ProjectFile flags, Map<String, String> environment, ProjectFile project, ProjectFile user) {
        this(flags, environment, project, user, service(ICECAST, ICECAST_PORT));
    }

    /** The same places for the service of another recipe, whose container has the recipe's name and its port. */
    public Layers withDefaults(String recipe, int port) {
        return new Layers(flags, environment, project, user, service(recipe, port));
    }

    private static ProjectFile service(String recipe, int port) {
        Optional<String> name = Optional.of(recipe).filter(it -> !it.equals(ICECAST));
        return new ProjectFile(name, Optional.empty(), List.of(), Optional.empty(), Optional.empty(),
                Map.of(String.valueOf(port), port), Map.of(), Map.of(), ContainerConfig.EMPTY, HealthConfig.EMPTY,
                RolloutConfig.EMPTY, BuildConfig.EMPTY);
    }

    /** The same places, where the command line also says how the root is built. */
    public Layers withBuild(BuildConfig chosen) {
        return new Layers(flags.withBuild(chosen), environment, project, user, otherwise);
    }

    /** One of the places, strongest first. */
    public enum Layer {
        /** The command line. */
        FLAG,
        /** A variable of the process environment. */
        ENVIRONMENT,
        /** The project file. */
        PROJECT,
        /** The user's own file. */
        USER,
        /** Nowhere: what zship assumes. */
        DEFAULT
    }

    /**
     * A value with the place it came from.
     *
     * @param value the value
     * @param layer the place
     * @param <T> its type
     */
    public record Found<T>(T value, Layer layer) {
    }

    /** The value of a setting. */
    public Found<String> find(Setting setting) {
        Optional<Found<String>> variable = Optional.ofNullable(environment.get(setting.variable()))
                .filter(it -> !it.isEmpty()).map(it -> new Found<>(it, Layer.ENVIRONMENT));
        return setting.in(flags).map(it -> new Found<>(it, Layer.FLAG)).or(() -> variable)
                .or(() -> setting.in(project).map(it -> new Found<>(it, Layer.PROJECT)))
                .or(() -> setting.in(user).map(it -> new Found<>(it, Layer.USER)))
                .orElseGet(() -> new Found<>(setting.in(otherwise).orElse(setting.otherwise()), Layer.DEFAULT));
    }

    /** The value of a setting whose default is nothing. */
    public Optional<String> text(Setting setting) {
        return Optional.of(find(setting).value()).filter(it -> !it.isEmpty());
    }

    /** Where the value of a setting of the build stands, for messages: an option, a variable, or a file and its line. */
    public String place(Setting setting) {
        return switch (find(setting).layer()) {
            case FLAG -> setting.option();
            case ENVIRONMENT -> setting.variable();
            case PROJECT -> project.build().places().getOrDefault(setting.key(), setting.key());
            case USER -> user.build().places().getOrDefault(setting.key(), setting.key());
            case DEFAULT -> "the default";
        };
    }

    /** The forwards: those of the strongest place that has any, since together they could contradict each other. */
    public Found<Map<String, Integer>> ports() {
        return files().filter(it -> !it.value().ports().isEmpty()).findFirst()
                .map(it -> new Found<>(it.value().ports(), it.layer()))
                .orElseGet(() -> new Found<>(otherwise.ports(), Layer.DEFAULT));
    }

    /** The variables of the container, each from the strongest place that has it. */
    public Map<String, Found<String>> env() {
        return merged(ProjectFile::env);
    }

    /** Where secrets are to be found, each from the strongest place that says so. */
    public Map<String, Found<SecretSource>> secrets() {
        return merged(ProjectFile::secrets);
    }

    private <T> Map<String, Found<T>> merged(Function<ProjectFile, Map<String, T>> table) {
        Map<String, Found<T>> all = new LinkedHashMap<>();
        files().toList().reversed().forEach(file -> table.apply(file.value())
                .forEach((name, value) -> all.put(name, new Found<>(value, file.layer()))));
        return all;
    }

    private Stream<Found<ProjectFile>> files() {
        return List.of(new Found<>(flags, Layer.FLAG), new Found<>(project, Layer.PROJECT),
                new Found<>(user, Layer.USER)).stream();
    }
}
