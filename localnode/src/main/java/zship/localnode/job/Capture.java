package zship.localnode.job;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What the result keeps of a run's messages: the last 100 chunks of each stream, the last typed result. */
final class Capture {

    private static final int CHUNKS = 100;

    private final Deque<String> stdout = new ArrayDeque<>();
    private final Deque<String> stderr = new ArrayDeque<>();
    private String data = "";
    private int level;
    private String critical = "";

    synchronized void add(Message message) {
        switch (message.level()) {
            case Message.STDOUT -> keep(stdout, message.text());
            case Message.STDERR -> keep(stderr, message.text());
            case Message.CRITICAL -> critical = message.text();
            default -> typed(message);
        }
    }

    private void typed(Message message) {
        if (message.isResult()) {
            data = message.text();
            level = message.level();
        }
    }

    private static void keep(Deque<String> chunks, String text) {
        if (text.isEmpty()) {
            return;
        }
        if (chunks.size() == CHUNKS) {
            chunks.removeFirst();
        }
        chunks.addLast(text);
    }

    synchronized Outcome outcome(JobState state, long code) {
        return new Outcome(state, code, level, data,
                Optional.of(new Outcome.Streams(String.join("", stdout), String.join("", stderr))), critical);
    }
}
