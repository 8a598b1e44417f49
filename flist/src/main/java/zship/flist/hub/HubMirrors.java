package zship.flist.hub;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

import zship.flist.hub.HubException.Kind;

/**
 * Hubs that have the same flists, to read from. The first that answers and has what is asked for counts; nothing is ever
 * changed on another than the first.
 *
 * @param hubs at least one
 */
public record HubMirrors(List<HubClient> hubs) {
    private static final Set<Kind> ELSEWHERE = Set.of(Kind.UNREACHABLE, Kind.NOT_FOUND);

    /** Keeps its own copy of the list. */
    public HubMirrors {
        hubs = List.copyOf(hubs);
        if (hubs.isEmpty()) {
            throw new IllegalArgumentException("no hub");
        }
    }

    /**
     * Asks one hub after the other.
     *
     * @throws HubException that of the first hub when all fail
     */
    public <T> T read(Function<HubClient, T> question) {
        HubException first = null;
        for (HubClient hub : hubs) {
            try {
                return question.apply(hub);
            } catch (HubException failure) {
                first = first == null ? failure : first;
                if (!ELSEWHERE.contains(failure.kind())) {
                    throw failure;
                }
            }
        }
        if (first == null || hubs.size() == 1) {
            throw first == null ? new IllegalStateException("no hub") : first;
        }
        throw new HubException(first.kind(), first.what(),
                first.why() + ", and " + (hubs.size() - 1) + " more hubs do not have it either", first.hint(), first);
    }
}
