package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.builder.Sha256;

/**
 * Step 4: patch, configure, make and install into a folder, or what the recipe's script does instead. The result does not depend on where that folder is, on the
 * caller's environment or on the time: paths are mapped away, and the linker writes no build id.
 */
final class Compile extends TreeStep {

    static final String NAME = "compile";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    String inputs(StepContext build) throws IOException {
        StringBuilder inputs = new StringBuilder();
        inputs.append(build.workspace().stampOf(EarlyStage.NAME)).append('\n');
        inputs.append(build.workspace().stampOf(Extract.NAME)).append('\n');
        inputs.append(new Components(build).inputs());
        inputs.append(build.variant().configure()).append(build.variant().profile().make());
        build.definition().compile().script().ifPresent(inputs::append);
        inputs.append(build.variant().profile().environment()).append(build.definition().root().binaries());
        inputs.append(build.buildTime().getEpochSecond()).append('\n');
        List<String> files = new ArrayList<>(build.definition().compile().patches());
        files.addAll(build.definition().compile().files());
        for (String file : files) {
            inputs.append(Sha256.ofText(HexFormat.of().formatHex(build.recipeFile(file)))).append('\n');
        }
        return inputs.toString();
    }

    @Override
    String plan(StepContext build) {
        return "compiling %s %s".formatted(build.recipe().name(), build.recipe().version());
    }

    @Override
    void fill(StepContext build, Path output) throws IOException {
        Components components = new Components(build);
        components.buildMissing();
        build.begin(NAME, plan(build));
        Path folder = build.workspace().temporary("work");
        try {
            WorkPlace place = prepare(build, components, folder);
            Map<String, String> environment = build.variant().profile().environment();
            install(build, place);
            List<String> strip = new ArrayList<>(List.of("strip", "--strip-all"));
            build.definition().root().binaries().forEach(binary -> strip.add("{out}/" + binary));
            place.run(environment, strip);
            Trees.copy(place.path(WorkPlace.OUT), output);
            components.addToRoot(output);
        } finally {
            Trees.delete(folder);
        }
    }

    private static void install(StepContext build, WorkPlace place) throws IOException {
        Map<String, String> environment = build.variant().profile().environment();
        Optional<String> script = build.definition().compile().script();
        if (script.isPresent()) {
            place.run(environment, List.of("sh", "-euc", script.get()));
            return;
        }
        List<String> configure = new ArrayList<>(List.of("./configure"));
        configure.addAll(build.variant().configure());
        place.run(environment, configure);
        List<String> make = new ArrayList<>(List.of("make", "-j" + Runtime.getRuntime().availableProcessors()));
        make.addAll(build.variant().profile().make());
        place.run(environment, make);
        place.run(environment, List.of("make", "install", "DESTDIR={out}"));
    }

    /** Puts the patched source and the components in place. */
    static WorkPlace prepare(StepContext build, Components components, Path folder) throws IOException {
        WorkPlace place = WorkPlace.in(build, folder, build.workspace().log(NAME));
        place.date(build.buildTime());
        Trees.copy(Extract.sourceFolder(build.workspace()), place.path(WorkPlace.SOURCE));
        components.install(place);
        List<String> patches = build.definition().compile().patches();
        for (int i = 0; i < patches.size(); i++) {
            Files.write(place.path(i + ".patch"), build.recipeFile(patches.get(i)));
        }
        for (String file : build.definition().compile().files()) {
            Trees.replace(place.path(WorkPlace.SOURCE), file, build.recipeFile(file));
        }
        place.handOver();
        for (int i = 0; i < patches.size(); i++) {
            // A patch that does not fit exactly ends the build.
            place.run(Map.of(), List.of("patch", "--strip=1", "--batch", "--forward", "--fuzz=0",
                    "--input=" + place.seen(i + ".patch")));
        }
        return place;
    }

    @Override
    String result(StepContext build, Path output) {
        int patches = build.definition().compile().patches().size();
        return "%s %s with %d patches".formatted(build.recipe().name(), build.recipe().version(), patches);
    }
}
