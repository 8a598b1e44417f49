package zship.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import zship.builder.archive.ImageArchive;
import zship.builder.archive.ImageSettings;
import zship.builder.recipe.Recipe;
import zship.builder.recipe.RecipeDefinition.Service;
import zship.builder.recipe.Recipes;
import zship.cli.config.AppSettings;
import zship.cli.config.Layers;
import zship.cli.config.Setting;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.disk.Destination;
import zship.flist.disk.DiskFaults;

/** {@code zship export}: the same root for other worlds. */
@Command(name = "export", description = "Writes the same root as an OCI or Docker image, or what Kubernetes needs to run it.", subcommands = {
    ExportCommand.Oci.class, ExportCommand.Docker.class, ExportCommand.Kubernetes.class})
final class ExportCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "export needs one of: " + String.join(", ", spec.subcommands().keySet()));
    }

    private static Session session(CommandSpec spec) {
        return ((SessionSource) spec.root().userObject()).session();
    }

    private static String reference(Optional<String> given, Recipe recipe) {
        return given.orElse(recipe.name() + ":" + recipe.version());
    }

    private static CliException unwritable(Path file, IOException cause) {
        return new CliException(ExitCode.FAILED, "cannot write " + file,
                Files.isDirectory(file) ? "it is a folder" : DiskFaults.reason(cause),
                "name a file in a folder that can be written: -o FILE");
    }

    /** One form of image. */
    private abstract static class Image implements Runnable {
        private static final int STEPS = 2;

        @Spec
        private CommandSpec spec;

        @Mixin
        private BuildOptions build;

        @Option(names = "--image", paramLabel = "NAME:TAG", description = "what the image is called (default: the recipe and its version)")
        private Optional<String> image = Optional.empty();

        @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "the tar to write")
        private Optional<Path> output = Optional.empty();

        @Parameters(arity = "0..1", paramLabel = "RECIPE", description = "a built-in recipe, or the path of a recipe file (default: that of ./zship.toml, else icecast)")
        private Optional<String> recipe = Optional.empty();

        abstract void write(ImageArchive archive, Path file) throws IOException;

        @Override
        public void run() {
            Session session = session(spec);
            Layers layers = build.layers(session, recipe);
            Recipe found = build.recipe(layers);
            ImageSettings settings = settings(found, reference(image, found));
            Path file = output
                    .orElse(Path.of("%s-%s.%s.tar".formatted(found.name(), found.version(), spec.name())));
            Path place = place(file);
            Shipping shipping = new Shipping(session, STEPS);
            Path root = shipping.root(found, build.settings(session, layers)).archive();
            ImageArchive archive = shipping.run("image", line -> {
                try {
                    ImageArchive read = ImageArchive.of(root, settings);
                    write(read, place);
                    line.done(settings.reference() + ", " + Sizes.bytes(Files.size(file)), Map.of());
                    return read;
                } catch (IOException e) {
                    throw unwritable(file, e);
                }
            });
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("file", file.toAbsolutePath().toString());
            fields.put("image", settings.reference());
            fields.put("id", "sha256:" + archive.id().hex());
            session.output().result(fields, file.toString());
        }

        /** Before a build that may take long. */
        private static Path place(Path file) {
            try {
                return Destination.of(file).file();
            } catch (IOException e) {
                throw unwritable(file, e);
            }
        }

        private static ImageSettings settings(Recipe recipe, String reference) {
            Service service = recipe.definition().services().getFirst();
            List<String> command = new ArrayList<>(List.of(service.command()));
            command.addAll(service.arguments());
            try {
                return new ImageSettings(recipe.name(), recipe.version(), reference, command,
                        List.of(recipe.port()));
            } catch (IllegalArgumentException e) {
                throw new CliException(ExitCode.USAGE, "cannot use --image " + reference,
                        String.valueOf(e.getMessage()), "--image " + reference(Optional.empty(), recipe));
            }
        }
    }

    /** {@code zship export oci}. */
    @Command(name = "oci", description = "Writes an OCI image layout in a tar, for podman load, ctr image import or skopeo copy oci-archive:FILE.")
    static final class Oci extends Image {
        @Override
        void write(ImageArchive archive, Path file) throws IOException {
            archive.writeOci(file);
        }
    }

    /** {@code zship export docker}. */
    @Command(name = "docker", description = "Writes what docker load reads.")
    static final class Docker extends Image {
        @Override
        void write(ImageArchive archive, Path file) throws IOException {
            archive.writeDocker(file);
        }
    }

    /** {@code zship export k8s}. */
    @Command(name = "k8s", description = "Writes a Deployment and a Service for Kubernetes; secrets are references to a Secret that you make.")
    static final class Kubernetes implements Runnable {
        @Spec
        private CommandSpec spec;

        @Mixin
        private AppOptions options;

        @Option(names = "--image", paramLabel = "NAME:TAG", description = "the image in your registry (default: the recipe and its version)")
        private Optional<String> image = Optional.empty();

        @Option(names = {"-o",
            "--output"}, paramLabel = "FILE", description = "where to write it (default: the standard output)")
        private Optional<Path> output = Optional.empty();

        @Parameters(arity = "0..1", paramLabel = "FILE", description = "the project file")
        private Optional<Path> project = Optional.empty();

        @Override
        public void run() {
            Session session = session(spec);
            Layers layers = options.layers(session, project);
            Recipe recipe = Recipes.find(layers.find(Setting.RECIPE).value(), List.of());
            AppSettings settings = AppSettings.of(layers.withDefaults(recipe.name(), recipe.port()));
            String manifest = new KubernetesManifest(settings, recipe, reference(image, recipe)).text();
            if (output.isEmpty()) {
                session.output().result(Map.of("manifest", manifest), manifest.stripTrailing());
                return;
            }
            Path file = output.get().toAbsolutePath();
            try {
                Destination.of(file).write(out -> out.write(manifest.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw unwritable(file, e);
            }
            session.output().result(Map.of("file", file.toString()), output.get().toString());
        }
    }
}
