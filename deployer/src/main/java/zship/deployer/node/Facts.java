package zship.deployer.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a node, or the inside of a container, says about itself. */
public final class Facts {

    private static final Duration QUICK = Duration.ofSeconds(20);
    private static final String HINT = "`zship node ping` asks the node";

    private final CommandRunner place;

    /** Facts about this place. */
    public Facts(CommandRunner place) {
        this.place = place;
    }

    /** Its version, as {@code core.ping} tells it. */
    public String version() {
        return ask(Command.of("core.ping"), "ping").text();
    }

    /** The sockets that listen there. */
    public List<ListeningSocket> sockets() {
        List<ListeningSocket> sockets = new ArrayList<>();
        ask(Command.of("info.port"), "list the sockets of").json()
                .forEach(socket -> sockets.add(ListeningSocket.parse(socket)));
        return sockets;
    }

    /** One thing a node or a container tells about itself. */
    public enum Topic {
        /** The processors. */
        CPU,
        /** The memory, in bytes. */
        MEM,
        /** The disks that are mounted. */
        DISK,
        /** The network interfaces with their addresses. */
        NIC,
        /** The system, its name and since when it runs. */
        OS,
        /** The release of the node. */
        VERSION
    }

    /** What it tells about a topic, in the fields of {@code info.<topic>}. */
    public JsonNode about(Topic topic) {
        String name = topic.name().toLowerCase(Locale.ROOT);
        return ask(Command.of("info." + name), "ask about " + name + " on").json();
    }

    /** A process by its number. */
    public Optional<ProcessInfo> process(long pid) {
        return processes(pid).stream().findFirst();
    }

    /** All processes. */
    public List<ProcessInfo> processes() {
        return processes(null);
    }

    /**
     * Sends a signal to a process.
     *
     * @param pid the process
     * @param signal the signal's number; 15 asks it to end
     * @throws NodeException when there is no such process
     */
    public void signal(long pid, int signal) {
        ask(Command.of("process.kill").with("pid", pid).with("signal", signal), "signal process " + pid + " on");
    }

    private List<ProcessInfo> processes(@Nullable Long pid) {
        List<ProcessInfo> processes = new ArrayList<>();
        ask(Command.of("process.list").with("pid", pid), "list the processes of").json()
                .forEach(process -> processes.add(ProcessInfo.parse(process)));
        return processes;
    }

    private JobResult ask(Command question, String what) {
        return place.run(question, QUICK).orThrow(what + " " + place.place(), HINT);
    }
}
