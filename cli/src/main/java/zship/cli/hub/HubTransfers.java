package zship.cli.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.render.Output;
import zship.cli.session.Session;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubTree;

/** The commands that bring something to a hub or from it. */
final class HubTransfers {
    private HubTransfers() {
    }

    private static Map<String, Object> fields(String name, HubTree tree) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("files", tree.files());
        fields.put("links", tree.links());
        fields.put("special", tree.special());
        fields.put("bytes", tree.bytes());
        return fields;
    }

    /** {@code zship hub get}. */
    @Command(name = "get", description = "Downloads an flist and checks its digest; run again, it goes on where it stopped.")
    static final class Get extends HubReading {
        @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "where to write it (default: its name)")
        private Optional<Path> output = Optional.empty();

        @Parameters(paramLabel = "REPOSITORY[/TAG]/NAME", description = "the flist; TAG may be a link to a tag")
        private String place = "";

        @Override
        Runnable read(Session session, HubClient hub) {
            String[] names = place.replaceFirst("^([^/]*)/tags/", "$1/").split("/", -1);
            if (names.length != 2 && names.length != 3) {
                throw new CliException(ExitCode.USAGE, "cannot use " + place, "it names no repository and flist",
                        "write it as REPOSITORY/NAME or REPOSITORY/TAG/NAME");
            }
            String name = flist(names[names.length - 1]);
            Path target = output.orElse(Path.of(name)).toAbsolutePath();
            Output.Step step = session.output().step(1, 1, "get");
            step.during(() -> {
                if (names.length == 2) {
                    hub.download(names[0], name, target, TransferLine.of(step));
                } else {
                    hub.downloadTagged(names[0], names[1], name, target, TransferLine.of(step));
                }
                return target;
            });
            step.done(place, Map.of());
            return () -> session.output().result(Map.of("file", target.toString(), "hub", hub.hub().toString()),
                    output.orElse(Path.of(name)).toString());
        }
    }

    /** {@code zship hub upload}. */
    @Command(name = "upload", description = "Lets the hub make an flist of a tar.gz, and reads back what is in it.")
    static final class Upload extends HubCall {
        @Option(names = "--as", paramLabel = "NAME", description = "the flist's name (default: that of the file)")
        private Optional<String> as = Optional.empty();

        @Option(names = "--metadata", paramLabel = "KEY=TEXT", description = "metadata of the flist, where the hub takes it (repeatable)")
        private Map<String, String> metadata = new LinkedHashMap<>();

        @Parameters(paramLabel = "ARCHIVE", description = "a tar.gz or a tar")
        private Path archive = Path.of("root.tar.gz");

        @Override
        void run(Session session, HubClient hub) {
            if (!Files.isRegularFile(archive)) {
                throw new CliException(ExitCode.USAGE, "cannot upload " + archive, "there is no such file",
                        "zship build makes one");
            }
            String name = flist(as.orElse(archive.getFileName().toString().replaceFirst("\\.(tar\\.gz|tgz|tar)$", "")));
            Output.Step step = session.output().step(1, 1, "upload");
            HubTree tree = step.during(() -> hub.uploadArchive(archive, name, metadata, TransferLine.of(step)));
            String url = hub.hub().flist(hub.user(), name).toString();
            Map<String, Object> fields = fields(name, tree);
            fields.put("url", url);
            step.done(tree.toString(), Map.of());
            session.output().result(fields, url);
        }
    }

    /** {@code zship hub convert}. */
    @Command(name = "convert", description = "Lets the hub make an flist of a Docker image that it can pull.")
    static final class Convert extends HubCall {
        @Parameters(paramLabel = "IMAGE", description = "such as redis:7")
        private String image = "";

        @Override
        void run(Session session, HubClient hub) {
            HubTree tree = hub.convertImage(image);
            String name = HubClient.imageName(image);
            session.output().result(fields(name, tree), hub.hub().flist(hub.user(), name).toString());
        }
    }
}
