package zship.builder.step;

import java.util.List;
import java.util.stream.Collectors;

import zship.builder.recipe.RecipeDefinition.Service;

/**
 * Writes {@code /.startup.toml}. The node reads an old dialect of TOML and drops the whole file when it meets anything
 * else: table headers and no dotted keys, strings on one line, no unknown fields. It also replaces {@code {NAME}} in
 * arguments, so recipes may not have braces there.
 */
final class StartupFile {

    private StartupFile() {
    }

    static String render(List<Service> services) {
        return services.stream().map(StartupFile::render).collect(Collectors.joining("\n"));
    }

    private static String render(Service service) {
        StringBuilder toml = new StringBuilder();
        toml.append("[startup.%s]\n".formatted(service.name()));
        toml.append("name = \"core.system\"\n");
        toml.append("max_restart = %d\n".formatted(service.maxRestart()));
        toml.append("\n[startup.%s.args]\n".formatted(service.name()));
        toml.append("name = %s\n".formatted(quote(service.command())));
        if (!service.arguments().isEmpty()) {
            toml.append("args = [%s]\n".formatted(
                    service.arguments().stream().map(StartupFile::quote).collect(Collectors.joining(", "))));
        }
        return toml.toString();
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
