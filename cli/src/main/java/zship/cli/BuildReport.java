package zship.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import zship.builder.BuildEvent;
import zship.builder.BuildEvents;
import zship.builder.recipe.Recipe;
import zship.builder.step.BuiltRoot;
import zship.cli.flist.TrialStore;
import zship.cli.render.Output;
import zship.cli.render.Sizes;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.PackedFlist;
import zship.flist.store.DiscardingStore;

/**
 * What {@code zship build} tells besides the archive: the seconds of each step, how many chunks the root is and how many
 * bytes a store keeps of it, and what the chosen way of building lacks.
 */
final class BuildReport implements BuildEvents {
    private static final double MILLIS = 1000.0;

    private final Recipe recipe;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final List<String> components = new ArrayList<>();
    private final List<BuildEvent.RootTested> tests = new ArrayList<>();

    BuildReport(Recipe recipe) {
        this.recipe = recipe;
    }

    @Override
    public void on(BuildEvent event) {
        if (event instanceof BuildEvent.StepFinished step) {
            seconds.put(step.step(), step.took().toMillis() / MILLIS);
        } else if (event instanceof BuildEvent.RootTested tested) {
            tests.add(tested);
        } else if (event instanceof BuildEvent.ComponentBuilt built) {
            components.add("%s %s %.1fs".formatted(built.name(), built.version(), built.took().toMillis() / MILLIS));
        }
    }

    /** Prints the report and returns the same for programs. */
    Map<String, Object> tell(Output output, BuiltRoot root) {
        PackedFlist packed = pack(root.archive());
        output.note("  steps   " + seconds.entrySet().stream()
                .map(step -> "%s %.1fs".formatted(step.getKey(), step.getValue())).collect(Collectors.joining(", ")));
        if (!components.isEmpty()) {
            output.note("  built   " + String.join(", ", components));
        }
        tests.forEach(test -> output.note("  tested  answers on port %d at %s after %.1fs, %sand ends when told to"
                .formatted(test.port(), test.path(), test.took().toMillis() / MILLIS, test.secrets().isEmpty()
                        ? ""
                        : "takes %s and no other, ".formatted(String.join(", ", test.secrets())))));
        output.note("  root    %d files, %d bytes (%s)".formatted(root.files(), root.bytes(),
                Sizes.bytes(root.bytes())));
        output.note("  stored  %d chunks, %d bytes (%s)".formatted(packed.chunks(), packed.sentBytes(),
                Sizes.bytes(packed.sentBytes())));
        List<String> lacks = recipe.variant().lacks();
        output.note("  lacks   " + (lacks.isEmpty() ? "nothing" : String.join(", ", lacks)));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("profile", recipe.variant().name());
        fields.put("features", recipe.variant().features());
        fields.put("lacks", lacks);
        fields.put("chunks", packed.chunks());
        fields.put("storedBytes", packed.sentBytes());
        fields.put("steps", seconds);
        return fields;
    }

    /** What a store would be given. */
    private static PackedFlist pack(Path archive) {
        try (DiscardingStore store = new DiscardingStore()) {
            return TrialStore.pack(store, PackEvents.none(), archive, PackOptions.DEFAULT);
        }
    }
}
