package zship.cli.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

import zship.cli.config.AppSettings;
import zship.cli.config.Layers;
import zship.cli.failure.CliException;
import zship.cli.failure.Failure;
import zship.cli.session.Session;

/** Makes all checks, one after the other. */
public final class Doctor {
    private final Session session;
    private final Supplier<Layers> layers;

    /**
     * Creates a doctor.
     *
     * @param session whose folders, environment and patience are used
     * @param layers the settings, which may be what is wrong
     */
    public Doctor(Session session, Supplier<Layers> layers) {
        this.session = session;
        this.layers = layers;
    }

    /**
     * Makes all checks.
     *
     * @param told hears of each check when it is made
     * @return all of them
     */
    public List<Check> examine(Consumer<Check> told) {
        Machine machine = new Machine(session);
        List<Check> all = new ArrayList<>();
        Consumer<Check> both = all::add;
        both = both.andThen(told);
        List.of(machine.java(), machine.system(), machine.user()).forEach(both);
        machine.folders().forEach(both);
        machine.buildPackages().ifPresent(both);
        machine.containers().forEach(both);
        List.of(machine.fuse(), machine.clock()).forEach(both);
        settings(both);
        return all;
    }

    /** Makes all checks after a failure, and tells people and programs which of them failed. */
    public void explainFailure() {
        examine(check -> {
            if (check.failed() && session.output().json()) {
                session.output().event("check", check.fields());
            } else if (check.failed()) {
                session.output().note(" doctor: " + check.name() + ": " + check.found() + " (" + check.remedy() + ")");
            }
        });
    }

    private void settings(Consumer<Check> told) {
        AppSettings settings;
        try {
            Layers found = layers.get();
            settings = AppSettings.of(found);
            told.accept(Check.ok("settings", AppSettings.projectFile(Optional.empty(),
                    Path.of("").toAbsolutePath()).map(Path::toString).orElse("no zship.toml, the defaults hold")));
        } catch (CliException e) {
            Failure failure = e.failure();
            told.accept(Check.fail("settings", failure.what() + ": " + failure.why(), failure.hint()));
            return;
        }
        new OtherSides(session, settings).checks().forEach(told);
    }
}
