package zship.localnode.container;

import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.job.EarlierRuns;
import zship.localnode.job.GoJson;
import zship.localnode.job.JobState;
import zship.localnode.job.Outcome;
import zship.localnode.process.ProcessMark;

/**
 * How far a service of a container is, as the container's record has it for the next process of the node.
 *
 * @param runs    how many of its runs have ended
 * @param process the process of the run that goes on; empty between two runs
 * @param last    how the last run ended; empty while another goes on
 * @param ready   whether it counts as running, so that others need not wait for it
 * @param over    whether no other run follows
 */
record ServiceProgress(long runs, Optional<ProcessMark> process, Optional<End> last, boolean ready, boolean over) {

    /** Started just now. */
    static final ServiceProgress NONE = new ServiceProgress(0, Optional.empty(), Optional.empty(), false, false);

    /**
     * The end of a run.
     *
     * @param state what it came to
     * @param code  code of its result
     * @param at    when, milliseconds since 1970
     */
    record End(JobState state, long code, long at) {
        Outcome outcome() {
            return new Outcome(state, code, 0, "", Optional.of(Outcome.Streams.EMPTY), "");
        }
    }

    ServiceProgress withProcess(ProcessMark started) {
        return new ServiceProgress(runs, Optional.of(started), Optional.empty(), ready, false);
    }

    ServiceProgress withEnd(Outcome outcome, long at) {
        return new ServiceProgress(runs + 1, Optional.empty(),
                Optional.of(new End(outcome.state(), outcome.code(), at)), ready, false);
    }

    ServiceProgress nowReady() {
        return new ServiceProgress(runs, process, last, true, over);
    }

    ServiceProgress nowOver() {
        return new ServiceProgress(runs, Optional.empty(), last, ready, true);
    }

    /** Whether those that wait for it may start, now that it has ended. */
    boolean wentWell() {
        return ready || last.filter(end -> end.state() == JobState.SUCCESS).isPresent();
    }

    /** What its job goes on from. */
    EarlierRuns earlier() {
        return new EarlierRuns(runs, process.map(AdoptedProcess::new), last.map(End::outcome),
                last.map(End::at).orElse(0L));
    }

    JsonNode toJson() {
        ObjectNode json = GoJson.object();
        process.ifPresent(mark -> json.put("pid", mark.pid()).put("start", mark.start()));
        last.ifPresent(end -> json.put("state", end.state().name()).put("code", end.code()).put("endedAt", end.at()));
        return json.put("runs", runs).put("ready", ready).put("over", over);
    }

    /** Reads what {@link #toJson} wrote, and what there was before it: a process that counts as ready, or null for one that ended. */
    static ServiceProgress of(JsonNode json) {
        Optional<ProcessMark> process = ContainerRecord.mark(json);
        return new ServiceProgress(json.path("runs").asLong(0), process, end(json),
                json.path("ready").asBoolean(process.isPresent()), json.path("over").asBoolean(json.isNull()));
    }

    private static Optional<End> end(JsonNode json) {
        if (!json.has("endedAt")) {
            return Optional.empty();
        }
        JobState state = json.path("state").asString("").equals(JobState.SUCCESS.name())
                ? JobState.SUCCESS
                : JobState.ERROR;
        return Optional.of(new End(state, json.path("code").asLong(0), json.path("endedAt").asLong(0)));
    }
}
