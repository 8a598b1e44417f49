package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import zship.builder.Sha256;
import zship.builder.recipe.RecipeDefinition;

/**
 * Step 7: the launcher, a small static program that turns the container's environment into settings at each start, and
 * {@code /.startup.toml}, which tells a Zero-OS container what to run.
 */
final class Startup extends TreeStep {

    static final String NAME = "startup";

    private static final List<String> COMPILER = List.of("musl-gcc", "-static", "-std=c11", "-Os", "-Wall", "-Wextra",
            "-Werror", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2", "-Wl,--build-id=none", "-Wl,--strip-all");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    String inputs(StepContext build) throws IOException {
        StringBuilder inputs = new StringBuilder(build.workspace().stampOf(EarlyStage.NAME));
        inputs.append(COMPILER).append(features(build)).append(build.definition().services());
        Optional<RecipeDefinition.Launcher> launcher = build.definition().launcher();
        inputs.append(launcher.map(RecipeDefinition.Launcher::path).orElse("none"));
        for (String file : launcher.map(Startup::files).orElse(List.of())) {
            inputs.append(file).append(Sha256.ofBytes(build.recipeFile(file)));
        }
        return inputs.toString();
    }

    @Override
    String plan(StepContext build) {
        return build.definition().launcher().isPresent() ? "compiling the launcher" : "writing /.startup.toml";
    }

    @Override
    void fill(StepContext build, Path output) throws IOException {
        Optional<RecipeDefinition.Launcher> launcher = build.definition().launcher();
        if (launcher.isPresent()) {
            Path target = output.resolve(launcher.get().path());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            compile(build, launcher.get(), target);
        }
        Files.writeString(output.resolve(".startup.toml"), StartupFile.render(build.definition().services()));
    }

    private static void compile(StepContext build, RecipeDefinition.Launcher launcher, Path target)
            throws IOException {
        Path folder = build.workspace().temporary(NAME);
        try {
            WorkPlace place = WorkPlace.in(build, folder, build.workspace().log(NAME));
            for (String file : files(launcher)) {
                Path copy = place.path(WorkPlace.SOURCE).resolve(file);
                Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                Files.write(copy, build.recipeFile(file));
            }
            place.handOver();
            List<String> command = new ArrayList<>(COMPILER);
            command.addAll(features(build));
            command.addAll(List.of("-o", "{out}/launcher"));
            command.addAll(launcher.sources());
            place.run(Map.of(), command);
            Files.copy(place.path(WorkPlace.OUT).resolve("launcher"), target);
        } finally {
            Trees.delete(folder);
        }
    }

    /** Returns definitions such as {@code FEATURE_TLS}, so that the launcher refuses settings for what is not there. */
    private static List<String> features(StepContext build) {
        return build.variant().features().stream()
                .map(feature -> "-DFEATURE_" + feature.toUpperCase(Locale.ROOT).replace('-', '_')).toList();
    }

    private static List<String> files(RecipeDefinition.Launcher launcher) {
        List<String> files = new ArrayList<>(launcher.headers());
        files.addAll(launcher.sources());
        return files;
    }

    @Override
    String result(StepContext build, Path output) {
        return "services " + String.join(", ",
                build.definition().services().stream().map(RecipeDefinition.Service::name).toList());
    }
}
