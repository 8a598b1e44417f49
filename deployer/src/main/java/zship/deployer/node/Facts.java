package zship.deployer.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** A process by its number. */
    public Optional<ProcessInfo> process(long pid) {
        JobResult answer = ask(Command.of("process.list").with("pid", pid), "look for process " + pid + " on");
        return answer.json().isEmpty() ? Optional.empty() : Optional.of(ProcessInfo.parse(answer.json().path(0)));
    }

    private JobResult ask(Command question, String what) {
        return place.run(question, QUICK).orThrow(what + " " + place.place(), HINT);
    }
}
