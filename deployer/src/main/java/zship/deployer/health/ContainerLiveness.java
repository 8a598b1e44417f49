package zship.deployer.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import zship.deployer.Deadline;
import zship.deployer.container.Containers;
import zship.deployer.container.StartupServices;
import zship.deployer.node.Command;
import zship.deployer.node.Facts;
import zship.deployer.node.Job;
import zship.deployer.node.JobResult;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeException;
import zship.deployer.node.RunningJob;

/**
 * Whether a container and its start-up services live. A container goes on when its services have ended, and vanishes
 * without a word when its first process dies; so the results of the services, the container itself and the jobs in it are
 * all looked at. A container answers questions only 2 s after its start as a rule; until then only the first two can be.
 */
public final class ContainerLiveness implements Liveness {
    private static final Pattern GENERATED = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final Duration OFTEN = Duration.ofSeconds(1);
    private static final Duration OUTPUT = Duration.ofSeconds(2);
    private static final int MAX_LINES = 40;

    private final NodeClient node;
    private final Containers containers;
    private final int id;
    private final Set<String> services;
    private final Watch existence;
    private final Watch jobs;
    private final Question question = new Question();
    private final Inside inside;

    /**
     * The life of a container.
     *
     * @param node the node it runs on
     * @param id its number
     * @param services the start-up services that must not end; empty when not known
     */
    public ContainerLiveness(NodeClient node, int id, List<String> services) {
        this.node = node;
        this.containers = new Containers(node);
        this.id = id;
        this.services = new LinkedHashSet<>(services);
        this.existence = new Watch(OFTEN);
        this.jobs = new Watch(OFTEN);
        this.inside = new ContainerInside(containers, id, this::watched);
    }

    private Set<String> watched() {
        return services.isEmpty() ? question.seen : services;
    }

    @Override
    public State check() {
        for (String service : services) {
            Optional<JobResult> ended = containers.serviceResult(id, service);
            if (ended.isPresent()) {
                return dead("service '" + service + "' ended", ended.get());
            }
        }
        if (existence.due() && containers.get(id).isEmpty()) {
            return vanished();
        }
        return jobs();
    }

    private State jobs() {
        if (question.answered.isEmpty() && question.open.isEmpty() || question.open.isEmpty() && jobs.due()) {
            question.open = ask();
        }
        Optional<JobResult> answer = question.open.flatMap(Job::poll);
        if (answer.isEmpty()) {
            return question.answered.isPresent() ? new State.Alive() : new State.Unknown();
        }
        String asked = question.open.map(Job::id).orElse("");
        question.open = Optional.empty();
        question.answered = answer;
        Set<String> running = new LinkedHashSet<>();
        answer.get().json().forEach(job -> running.add(RunningJob.parse(job).id()));
        running.remove(asked);
        // What clients run has a generated id: the command of a health check may fail without being a service that ended.
        running.removeIf(job -> GENERATED.matcher(job).matches());
        return judge(running);
    }

    private State judge(Set<String> running) {
        Set<String> ended = new LinkedHashSet<>(question.seen);
        ended.removeAll(running);
        question.seen.addAll(running);
        if (running.isEmpty() && ended.isEmpty()) {
            ended.addAll(new StartupServices(containers.in(id)).names());
        }
        for (String service : ended) {
            Optional<JobResult> result = containers.serviceResult(id, service);
            if (result.isPresent() && !result.get().success()) {
                return dead("service '" + service + "' ended", result.get());
            }
        }
        return new State.Alive();
    }

    private Optional<Job> ask() {
        try {
            return Optional.of(containers.dispatch(id, Command.of("job.list")));
        } catch (NodeException e) {
            if (e.result().isPresent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private State vanished() {
        Optional<JobResult> end = containers.endOf(id);
        String how = end.map(r -> " (" + r.failure() + ")").orElse("");
        return new State.Dead("the container is gone" + how, Optional.empty());
    }

    private static State dead(String what, JobResult result) {
        return new State.Dead(what + ": " + result.failure(), result.streams().map(ContainerLiveness::tail));
    }

    @Override
    public Inside inside() {
        return inside;
    }

    @Override
    public Optional<String> lastOutput() {
        for (String service : watched()) {
            StringBuilder text = new StringBuilder();
            try {
                containers.logs(id, service, Optional.of(OUTPUT), message -> text.append(message.text()));
            } catch (NodeException e) {
                text.append("(").append(e.why()).append(")");
            }
            if (!text.isEmpty()) {
                return Optional.of(tail(text.toString()));
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<List<String>> sockets() {
        if (question.answered.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        new Facts(containers.in(id)).sockets().stream().filter(s -> s.port() > 0)
                .forEach(s -> lines.add(s.network() + " " + s.address() + ":" + s.port()));
        return Optional.of(lines);
    }

    private static String tail(String text) {
        List<String> lines = text.strip().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size()));
    }

    /** The question that is under way, and what is known from earlier ones. */
    private static final class Question {
        private Optional<Job> open = Optional.empty();
        private Optional<JobResult> answered = Optional.empty();
        private final Set<String> seen = new LinkedHashSet<>();
    }

    /** Says from time to time that something is due. */
    private final class Watch {
        private final Duration period;
        private Deadline next;

        Watch(Duration period) {
            this.period = period;
            this.next = Deadline.after(node.time(), period);
        }

        boolean due() {
            if (!next.passed()) {
                return false;
            }
            next = Deadline.after(node.time(), period);
            return true;
        }
    }
}
