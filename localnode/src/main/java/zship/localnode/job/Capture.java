package zship.localnode.job;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What the result keeps of a run's messages: the last 100 chunks of each stream, the last typed result. */
final class Capture {

    private static final int CHUNKS = 100;

    private final Deque<String> stdout = new ArrayDeque<>();
    private final Deque<String> stderr = new ArrayDeque<>();
    private final Deque<String> critical = new ArrayDeque<>();
    private final Deque<Message> typed = new ArrayDeque<>();

    synchronized void add(Message message) {
        switch (message.level()) {
            case Message.STDOUT -> keep(stdout, message.text());
            case Message.STDERR -> keep(stderr, message.text());
            case Message.CRITICAL -> {
                critical.clear();
                critical.add(message.text());
            }
            default -> keepResult(message);
        }
    }

    private void keepResult(Message message) {
        if (message.isResult()) {
            typed.clear();
            typed.add(message);
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
        Optional<Message> result = typed.stream().findFirst();
        return new Outcome(state, code, result.map(Message::level).orElse(0), result.map(Message::text).orElse(""),
                Optional.of(new Outcome.Streams(String.join("", stdout), String.join("", stderr))),
                String.join("", critical));
    }
}
