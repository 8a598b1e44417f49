package zship.localnode.job;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.process.ProcStat;
import zship.localnode.process.ProcessLimits;
import zship.localnode.process.ProcessTable;
import zship.localnode.process.Signals;
import zship.localnode.process.Sockets;

/** The commands that the node and every container have: {@code core.*}, {@code job.*}, {@code process.*}, {@code info.*}. */
public final class GeneralCommands {

    private static final JsonNode NULL = GoJson.nodes().nullNode();

    private final Core core;
    private final Place place;

    /**
     * What the commands look at.
     *
     * @param version     version of the node's program
     * @param processes   the processes of the node or container
     * @param pid         a process in its network namespace
     * @param hostname    its host name
     * @param environment environment of the system's programs
     * @param forwarder   whether the ports of a process lead into containers: on a node they are rules, not sockets
     */
    public record Place(String version, Supplier<ProcessTable> processes, Supplier<Long> pid, Supplier<String> hostname,
            Map<String, String> environment, LongPredicate forwarder) {
    }

    private GeneralCommands(Core core, Place place) {
        this.core = core;
        this.place = place;
    }

    /** The commands of a core. */
    public static Map<String, Builtin> of(Core core, Place place) {
        GeneralCommands commands = new GeneralCommands(core, place);
        Map<String, Builtin> all = new LinkedHashMap<>();
        all.put("core.ping", arguments -> commands.ping());
        all.put("core.state", arguments -> commands.state());
        all.put("job.list", commands::jobList);
        all.put("job.kill", commands::jobKill);
        all.put("job.unschedule", commands::jobUnschedule);
        all.put("job.killall", arguments -> commands.jobKillAll());
        all.put("process.list", commands::processList);
        all.put("process.kill", commands::processKill);
        all.put("info.port", arguments -> commands.ports());
        all.put("info.version", arguments -> commands.version());
        all.put("info.os", arguments -> commands.operatingSystem());
        all.putAll(MachineCommands.of(core.number(), place));
        return all;
    }

    private JsonNode ping() {
        return GoJson.nodes().stringNode("PONG Version: zship @Revision: " + place.version());
    }

    private JsonNode version() {
        return GoJson.object().put("branch", "zship").put("revision", place.version()).put("dirty", false);
    }

    private JsonNode state() {
        ProcessTable.Memory memory = place.processes().get().memory();
        return GoJson.object().put("cpu", 0).put("rss", memory.resident()).put("vms", memory.virtual()).put("swap", 0);
    }

    private JsonNode jobList(Arguments arguments) throws CommandException {
        ArrayNode list = GoJson.nodes().arrayNode();
        String id = arguments.text("id");
        if (id.isEmpty()) {
            core.jobs().forEach(job -> list.add(job.toJson()));
            return list;
        }
        Job job = core.job(id).orElseThrow(() -> new CommandException(CommandException.FAILED,
                "Process with id '" + id + "' doesn't exist"));
        return list.add(job.toJson());
    }

    private JsonNode jobKill(Arguments arguments) throws CommandException {
        long signal = arguments.number("signal", 0, 64, "int");
        Optional<Job> job = core.job(arguments.text("id"));
        job.ifPresent(found -> found.signal(signal == 0 ? Signals.TERM : (int) signal));
        return GoJson.nodes().booleanNode(job.isPresent());
    }

    /** Ends all jobs but the protected ones. */
    private JsonNode jobKillAll() {
        core.jobs().stream().filter(job -> !job.options().keepAlive()).forEach(job -> job.signal(Signals.TERM));
        return GoJson.nodes().booleanNode(true);
    }

    private JsonNode jobUnschedule(Arguments arguments) throws CommandException {
        Optional<Job> job = core.job(arguments.text("id"));
        job.ifPresent(Job::unschedule);
        return GoJson.nodes().booleanNode(job.isPresent());
    }

    private JsonNode processList(Arguments arguments) throws CommandException {
        long wanted = arguments.number("pid", Long.MIN_VALUE, Long.MAX_VALUE, "int");
        ArrayNode list = GoJson.nodes().arrayNode();
        for (long pid : place.processes().get().pids()) {
            long visible = visible(pid);
            if (wanted == 0 || visible == wanted) {
                ProcStat.read(pid).ifPresent(stat -> list.add(process(stat, visible)));
            }
        }
        return list;
    }

    private long visible(long pid) {
        return core.number() == 0 ? pid : ProcessTable.visiblePid(pid);
    }

    /** A program that was started from outside is shown as a child of process 1. */
    private long parent(ProcStat stat) {
        if (core.number() == 0) {
            return stat.parent();
        }
        return place.processes().get().holds(stat.parent()) ? visible(stat.parent()) : 1;
    }

    private JsonNode process(ProcStat stat, long visible) {
        ObjectNode json = GoJson.object();
        json.put("pid", visible).put("ppid", visible == 1 ? 0 : parent(stat));
        json.put("cmdline", ProcessTable.commandLine(stat.pid())).put("name", stat.name());
        json.put("createtime", stat.startedAtMillis());
        ObjectNode cpu = json.putObject("cpu");
        List.of("guestnice", "idle", "iowait", "irq", "nice", "softirq", "steal", "stolen")
                .forEach(name -> cpu.put(name, 0));
        cpu.put("system", stat.systemTicks() / 100.0).put("user", stat.userTicks() / 100.0);
        json.put("rss", stat.resident()).put("vms", stat.virtual()).put("swap", 0);
        ArrayNode limits = json.putArray("rlimit");
        ProcessLimits.of(stat.pid()).forEach(limit -> limits.addObject().put("resource", limit.resource())
                .put("soft", limit.soft()).put("hard", limit.hard()));
        return json.put("ofd", ProcessTable.openFiles(stat.pid()));
    }

    private JsonNode processKill(Arguments arguments) throws CommandException {
        long pid = arguments.number("pid", Long.MIN_VALUE, Long.MAX_VALUE, "int");
        long signal = arguments.number("signal", 0, 64, "int");
        if (pid <= 1) {
            throw new CommandException(CommandException.FAILED, "invalid PID");
        }
        boolean sent = place.processes().get().pids().stream().filter(candidate -> visible(candidate) == pid)
                .findFirst().filter(found -> Signals.toProcess(found, signal == 0 ? Signals.TERM : (int) signal))
                .isPresent();
        if (!sent) {
            throw new CommandException(CommandException.FAILED, "no such process");
        }
        return NULL;
    }

    private JsonNode ports() {
        ArrayNode list = GoJson.nodes().arrayNode();
        List<Long> processes = place.processes().get().pids();
        for (Sockets.Listener socket : Sockets.listeners(place.pid().get(), processes)) {
            if (place.forwarder().test(socket.pid())) {
                continue;
            }
            list.addObject().put("network", socket.network()).put("port", socket.port())
                    .put("ip", address(socket.address()))
                    .put("pid", socket.pid() == 0 ? 0 : visible(socket.pid()));
        }
        for (Sockets.Named socket : Sockets.named(place.pid().get(), processes)) {
            list.addObject().put("network", "unix").put("unix", socket.path())
                    .put("pid", socket.pid() == 0 ? 0 : visible(socket.pid()));
        }
        return list;
    }

    /** The two addresses that matter are written short, as the node's own program writes them. */
    private static String address(InetAddress address) {
        if (address instanceof Inet6Address) {
            return address.isAnyLocalAddress() ? "::" : address.isLoopbackAddress() ? "::1" : address.getHostAddress();
        }
        return address.getHostAddress();
    }

    private JsonNode operatingSystem() {
        long boot = ProcStat.bootMillis() / 1000;
        ObjectNode json = GoJson.object();
        json.put("hostname", place.hostname().get()).put("uptime", core.clock().millis() / 1000 - boot);
        json.put("bootTime", boot).put("procs", place.processes().get().pids().size()).put("os", "linux");
        String platform = core.number() == 0 ? MachineFacts.distribution(MachineCommands.text("/etc/os-release")) : "";
        json.put("platform", platform).put("platformFamily", platform);
        json.put("platformVersion", core.number() == 0 ? MachineCommands.text("/etc/debian_version").strip() : "");
        json.put("kernelVersion", System.getProperty("os.version"));
        List.of("virtualizationSystem", "virtualizationRole", "hostid").forEach(name -> json.put(name, ""));
        return json;
    }
}
