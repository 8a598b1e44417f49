package zship.deployer.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import zship.deployer.Deadline;
import zship.deployer.Redaction;
import zship.deployer.Time;

/** Probes a service until it is healthy, dead, or out of time. */
public final class HealthMonitor {

    private final Time time;
    private final Prober prober;

    /**
     * A monitor.
     *
     * @param time the clock
     * @param random names the mounts and wrong passwords of probes
     */
    public HealthMonitor(Time time, RandomGenerator random) {
        this.time = time;
        this.prober = new Prober(time, random);
    }

    /**
     * Waits until every check holds and nothing is dead.
     *
     * @param subject what is verified, for messages
     * @param settings what must hold
     * @param target where the probes go
     * @param life asked between the probes
     * @param probes told each probe that sees something new
     * @param redaction applied to everything the service said
     * @return the report of a healthy service
     * @throws HealthException when it died or did not become healthy in time
     */
    public HealthReport await(Subject subject, HealthSettings settings, HealthTarget target, Liveness life,
            Consumer<ProbeResult> probes, Redaction redaction) {
        return new Verification(subject, settings, target, life, probes, redaction).run();
    }

    /**
     * One look: whether every check holds right now.
     *
     * @param settings what must hold
     * @param target where the probes go
     * @param inside the container behind it, or {@link Inside#none}
     * @return the report, healthy or not
     */
    public HealthReport look(HealthSettings settings, HealthTarget target, Inside inside) {
        Deadline watch = Deadline.after(time, settings.timeout());
        List<ProbeResult> seen = new ArrayList<>();
        for (HealthCheck check : settings.checks()) {
            Finding found = prober.probe(check, target, inside);
            seen.add(new ProbeResult(check.name(), found.passed(), found.detail(), watch.elapsed()));
            if (!found.passed()) {
                return new HealthReport(false, seen, watch.elapsed(), Optional.empty(), List.of());
            }
        }
        return new HealthReport(true, seen, watch.elapsed(), Optional.empty(), List.of());
    }

    /**
     * What is verified.
     *
     * @param name the app's name
     * @param containerId its container
     */
    public record Subject(String name, int containerId) {
    }

    /** One verification under way. */
    private final class Verification {

        private static final int MAX_PROBES = 200;

        private final Subject subject;
        private final HealthSettings settings;
        private final HealthTarget target;
        private final Liveness life;
        private final Consumer<ProbeResult> observer;
        private final Redaction redaction;
        private final Deadline deadline;
        private final List<ProbeResult> history = new ArrayList<>();

        Verification(Subject subject, HealthSettings settings, HealthTarget target, Liveness life,
                Consumer<ProbeResult> observer, Redaction redaction) {
            this.subject = subject;
            this.settings = settings;
            this.target = target;
            this.life = life;
            this.observer = observer;
            this.redaction = redaction;
            this.deadline = Deadline.after(time, settings.timeout());
        }

        HealthReport run() {
            int passed = 0;
            while (true) {
                Liveness.State state = life.check();
                if (state instanceof Liveness.State.Dead dead) {
                    throw unhealthy(dead.why(), dead.output());
                }
                passed = probe(passed);
                boolean all = passed == settings.checks().size();
                if (all && !settings.checks().isEmpty() || all && state instanceof Liveness.State.Alive) {
                    return new HealthReport(true, history, deadline.elapsed(), Optional.empty(), List.of());
                }
                if (deadline.passed()) {
                    throw late();
                }
                time.sleep(shorter(settings.interval(), deadline.remaining()));
            }
        }

        /** Probes from the check with this number on; the number of the first that does not hold. */
        private int probe(int first) {
            for (int i = first; i < settings.checks().size(); i++) {
                HealthCheck check = settings.checks().get(i);
                Finding found = prober.probe(check, target, life.inside());
                note(new ProbeResult(check.name(), found.passed(), redaction.apply(found.detail()),
                        deadline.elapsed()));
                if (!found.passed()) {
                    return i;
                }
            }
            return settings.checks().size();
        }

        private void note(ProbeResult probe) {
            boolean same = !history.isEmpty() && history.getLast().check().equals(probe.check())
                    && history.getLast().detail().equals(probe.detail());
            if (!same && history.size() < MAX_PROBES) {
                history.add(probe);
                observer.accept(probe);
            }
        }

        private HealthException late() {
            Optional<List<String>> sockets = life.sockets();
            String why = history.isEmpty() ? "it does not answer" : history.getLast().detail();
            return unhealthy("not healthy within " + seconds(settings.timeout()) + ": " + why
                    + sockets.map(this::listeners).orElse(""), life.lastOutput(), sockets.orElse(List.of()));
        }

        private String listeners(List<String> sockets) {
            List<String> ours = sockets.stream().filter(s -> s.endsWith(":" + settings.containerPort())).toList();
            if (settings.containerPort() == 0) {
                return "";
            }
            if (ours.isEmpty()) {
                return "; nothing in the container listens on port " + settings.containerPort();
            }
            boolean inside = ours.stream().allMatch(s -> s.contains(" 127.") || s.contains(" ::1:"));
            return inside ? "; it listens on 127.0.0.1 only, so nobody outside the container can reach it" : "";
        }

        private HealthException unhealthy(String why, Optional<String> output) {
            return unhealthy(why, output, List.of());
        }

        private HealthException unhealthy(String why, Optional<String> output, List<String> sockets) {
            HealthReport report = new HealthReport(false, history, deadline.elapsed(), output.map(redaction::apply),
                    sockets);
            return new HealthException("verify " + subject.name() + " (container " + subject.containerId() + ")",
                    redaction.apply(why), "read the service's last output, correct the setting, and try again", report);
        }

        private static String seconds(Duration duration) {
            return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
        }

        private static Duration shorter(Duration a, Duration b) {
            return a.compareTo(b) < 0 ? a : b;
        }
    }
}
