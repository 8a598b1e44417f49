package zship.cli;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.config.SecretSource;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.Redaction;
import zship.deployer.Time;
import zship.deployer.container.Container;
import zship.deployer.container.HostPort;
import zship.deployer.health.ContainerLiveness;
import zship.deployer.health.HealthCheck;
import zship.deployer.health.HealthMonitor;
import zship.deployer.health.HealthReport;
import zship.deployer.health.HealthSettings;
import zship.deployer.health.HealthTarget;
import zship.deployer.health.Inside;
import zship.deployer.health.ProbeResult;
import zship.flist.Secret;

/** {@code zship smoke NAME|URL}: proves that a service serves, an Icecast with a stream that is heard. */
@Command(name = "smoke", description = "Proves that a service serves: its port, HTTP, and of an Icecast that a wrong password is refused "
        + "and a listener hears what a source streams.")
final class SmokeCommand implements Callable<Integer> {
    private static final int HTTP = 80;
    private static final int OK = 200;

    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Option(names = "--password", paramLabel = "SOURCE", description = "where the source password of an Icecast is: file:PATH, env:NAME or stdin (default: the container's own)")
    private Optional<String> password = Optional.empty();

    @Parameters(paramLabel = "NAME|URL", description = "a container's name or number, or where a service is, such as http://10.0.0.5:8000/")
    private String subject = "";

    @Override
    public Integer call() {
        Session session = root.session();
        Optional<Secret> given = password.map(SecretSource::of)
                .map(source -> source.read("source password", session.environment(), session.input()));
        if (subject.startsWith("http://")) {
            URI url = URI.create(subject);
            HealthSettings checks = checks(path(url), given);
            HealthTarget target = new HealthTarget(String.valueOf(url.getHost()),
                    url.getPort() < 0 ? HTTP : url.getPort());
            return tell(session, monitor().look(checks, target, Inside.none()), given);
        }
        try (NodeAccess access = node.open(session)) {
            Container container = access.container(subject);
            ServiceFacts facts = ServiceFacts.named(container.tag(AppRequest.RECIPE_TAG).orElse(""));
            Optional<Secret> known = given
                    .or(() -> Optional.ofNullable(
                            container.labels().environment().get(ServiceHealth.SOURCE_PASSWORD)));
            HealthSettings checks = checks(facts.healthPath().isEmpty() ? "/" : facts.healthPath(), known);
            HealthTarget target = new HealthTarget(access.client().address().host(), port(container, facts));
            Inside inside = new ContainerLiveness(access.client(), container.id(), facts.services()).inside();
            return tell(session, monitor().look(checks, target, inside), known);
        }
    }

    private static HealthMonitor monitor() {
        return new HealthMonitor(Time.system(), new java.security.SecureRandom());
    }

    private static String path(URI url) {
        return url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    }

    private static HealthSettings checks(String path, Optional<Secret> password) {
        HealthSettings checks = HealthSettings.none().withCheck(new HealthCheck.PortOpen())
                .withCheck(new HealthCheck.Http(path, OK));
        return password.map(secret -> checks.withCheck(new HealthCheck.IcecastStatus())
                .withCheck(new HealthCheck.IcecastSource(secret)).withCheck(new HealthCheck.IcecastStream(secret)))
                .orElse(checks);
    }

    /** The public TCP port that leads to what the recipe says, else the lowest. */
    private static int port(Container container, ServiceFacts facts) {
        if (container.connections().host()) {
            return facts.ports().stream().findFirst().orElseThrow(() -> unreachable(container));
        }
        List<Map.Entry<String, Integer>> open = container.ports().entrySet().stream()
                .filter(port -> HostPort.of(port.getKey()).isPublicTcp()).toList();
        return open.stream().filter(port -> facts.ports().contains(port.getValue())).findFirst()
                .or(() -> open.stream().min(Map.Entry.comparingByKey()))
                .map(port -> HostPort.of(port.getKey()).port()).orElseThrow(() -> unreachable(container));
    }

    private static CliException unreachable(Container container) {
        return new CliException(ExitCode.FAILED, "cannot test " + container.label(),
                "no port of the node leads into it", "zship port add " + container.name() + " HOST:CONTAINER");
    }

    private static int tell(Session session, HealthReport report, Optional<Secret> password) {
        Redaction redaction = new Redaction(password.stream().toList());
        List<Map<String, Object>> probes = report.probes().stream().map(probe -> fields(probe, redaction)).toList();
        if (!session.output().json()) {
            report.probes().forEach(probe -> session.output().line("%-4s %-24s %s".formatted(
                    probe.passed() ? "ok" : "FAIL", probe.check(), redaction.apply(probe.detail()))));
        }
        if (report.healthy()) {
            session.output().event("result", Map.of("healthy", true, "probes", probes));
            return ExitCode.OK;
        }
        session.output().event("probes", Map.of("healthy", false, "probes", probes));
        ProbeResult failed = report.probes().getLast();
        throw new CliException(ExitCode.UNHEALTHY, "the service does not pass " + failed.check(),
                redaction.apply(failed.detail()), "zship logs NAME shows what it says");
    }

    private static Map<String, Object> fields(ProbeResult probe, Redaction redaction) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("check", probe.check());
        fields.put("passed", probe.passed());
        fields.put("detail", redaction.apply(probe.detail()));
        fields.put("after", probe.at().toMillis() / 1000.0);
        return fields;
    }
}
