package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import zship.builder.Sha256;
import zship.builder.recipe.RecipeDefinition;
import zship.builder.tool.Toolbox;

/**
 * Step 4: patch, configure, make and install into a folder. The result does not depend on where that folder is, on the
 * caller's environment or on the time: paths are mapped away, and the linker writes no build id.
 */
final class Compile extends TreeStep {

    static final String NAME = "compile";

    private static final String COMPILER_FLAGS = "-O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2";
    private static final String LINKER_FLAGS = "-Wl,--build-id=none -Wl,-z,relro -Wl,-z,now";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    String inputs(StepContext build) throws IOException {
        RecipeDefinition.Compile compile = build.definition().compile();
        StringBuilder inputs = new StringBuilder();
        inputs.append(build.workspace().stampOf(EarlyStage.NAME)).append('\n');
        inputs.append(build.workspace().stampOf(Extract.NAME)).append('\n');
        inputs.append(compile.configure()).append(COMPILER_FLAGS).append(LINKER_FLAGS).append('\n');
        inputs.append(build.buildTime().getEpochSecond()).append('\n');
        for (String patch : compile.patches()) {
            inputs.append(Sha256.ofText(HexFormat.of().formatHex(build.recipeFile(patch)))).append('\n');
        }
        return inputs.toString();
    }

    @Override
    String plan(StepContext build) {
        return "compiling %s %s".formatted(build.recipe().name(), build.recipe().version());
    }

    @Override
    void fill(StepContext build, Path output) throws IOException {
        Path source = build.workspace().temporary("source");
        try {
            Trees.copy(Extract.sourceFolder(build.workspace()), source);
            Toolbox tools = build.tools(NAME).withEnvironment(environment(build, source));
            patch(build, source, tools);
            List<String> configure = new ArrayList<>(List.of(source.resolve("configure").toString()));
            configure.addAll(build.definition().compile().configure());
            tools.run(source, configure);
            tools.run(source, List.of("make", "-j" + Runtime.getRuntime().availableProcessors()));
            tools.run(source, List.of("make", "install", "DESTDIR=" + output));
        } finally {
            Trees.delete(source);
        }
    }

    private static Map<String, String> environment(StepContext build, Path source) throws IOException {
        return Map.of("CFLAGS", "%s -ffile-prefix-map=%s=.".formatted(COMPILER_FLAGS, source), "LDFLAGS", LINKER_FLAGS,
                "SOURCE_DATE_EPOCH", Long.toString(build.buildTime().getEpochSecond()));
    }

    /** Applies the recipe's patches; one that does not fit exactly ends the build. */
    private static void patch(StepContext build, Path source, Toolbox tools) throws IOException {
        for (String name : build.definition().compile().patches()) {
            Path file = Files.createTempFile(source, "zship-", ".patch");
            Files.write(file, build.recipeFile(name));
            tools.run(source, List.of("patch", "--strip=1", "--batch", "--forward", "--fuzz=0", "--input=" + file));
            Files.delete(file);
        }
    }

    @Override
    String result(StepContext build, Path output) {
        int patches = build.definition().compile().patches().size();
        return "%s %s with %d patches".formatted(build.recipe().name(), build.recipe().version(), patches);
    }
}
