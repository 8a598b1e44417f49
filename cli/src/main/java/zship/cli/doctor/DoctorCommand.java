package zship.cli.doctor;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.config.AppSettings;
import zship.cli.config.Layers;
import zship.cli.config.ProjectFile;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;

/** {@code zship doctor}: what is well, what is missing, and how to get it. */
@Command(name = "doctor", description = "Checks this machine, the settings, the node, the store and the hub; each with a remedy. Exit code 3 when something that up needs is missing.")
public final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "the project file")
    private Optional<Path> file = Optional.empty();

    @Override
    public Integer call() {
        Session session = root.session();
        List<Check> checks = new Doctor(session, () -> new Layers(ProjectFile.empty(), session.environment(),
                AppSettings.project(file, Path.of("").toAbsolutePath()), AppSettings.user(session.folders())))
                .examine(check -> tell(session, check));
        long failed = checks.stream().filter(Check::failed).count();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("failed", failed);
        fields.put("checks", checks.stream().map(Check::fields).toList());
        session.output().result(fields, failed == 0 ? "all is well" : failed + " of " + checks.size() + " failed");
        return failed == 0 ? ExitCode.OK : ExitCode.PREREQUISITE;
    }

    private static void tell(Session session, Check check) {
        if (session.output().json()) {
            session.output().event("check", check.fields());
        } else {
            session.output().line("%-5s %-15s %s".formatted(check.verdict().name().toLowerCase(Locale.ROOT),
                    check.name(), check.found()));
            if (!check.remedy().isEmpty()) {
                session.output().line("%-21s hint: %s".formatted("", check.remedy()));
            }
        }
    }
}
