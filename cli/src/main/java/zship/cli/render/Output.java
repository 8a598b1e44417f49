package zship.cli.render;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import tools.jackson.databind.json.JsonMapper;

import zship.cli.failure.Failure;

/**
 * What a command prints: results on the standard output, everything else on the standard error; with {@code --json}
 * JSON lines on the standard output and nothing else.
 */
public final class Output {
    private static final String WIPE = "\r\033[2K";
    private static final int NAME_WIDTH = 9;
    private static final int WHY_LINES = 20;
    private static final int DETAIL_WIDTH = 62;

    private final PrintStream out;
    private final PrintStream err;
    private final Progress progress;
    private final InstantSource clock;
    private final boolean explaining;
    private final AtomicBoolean passing = new AtomicBoolean();

    /**
     * Creates an output that does not explain.
     *
     * @param out the standard output
     * @param err the standard error
     * @param progress how progress is shown
     * @param clock the time, for the seconds of a step
     */
    public Output(PrintStream out, PrintStream err, Progress progress, InstantSource clock) {
        this(out, err, progress, clock, false);
    }

    private Output(PrintStream out, PrintStream err, Progress progress, InstantSource clock, boolean explaining) {
        this.out = out;
        this.err = err;
        this.progress = progress;
        this.clock = clock;
        this.explaining = explaining;
    }

    /** The same output, which also tells people the events that programs are told, on the standard error. */
    public Output explaining() {
        return new Output(out, err, progress, clock, true);
    }

    /** The same output for results that are text whoever reads them, without progress. */
    public Output quiet() {
        return new Output(out, err, Progress.QUIET, clock, explaining);
    }

    /**
     * Tells whether a program reads the output.
     *
     * @return true with {@code --json}
     */
    public boolean json() {
        return progress == Progress.JSON;
    }

    /**
     * Prints the result of a command.
     *
     * @param fields the result for programs
     * @param text the result for people, empty for none
     */
    public void result(Map<String, ?> fields, String text) {
        wipe();
        if (json()) {
            event("result", fields);
        } else if (!text.isEmpty()) {
            out.println(text);
            out.flush();
        }
    }

    /**
     * Prints one line of text that is itself the result, such as a line of a log.
     *
     * @param line the line without its end
     */
    public void line(String line) {
        if (json()) {
            event("line", Map.of("text", line));
        } else {
            out.println(line);
            out.flush();
        }
    }

    /**
     * Prints raw text of the service, such as the output of a command in a container.
     *
     * @param text the text, with its own line ends
     * @param error whether the service wrote it to its standard error
     */
    public void raw(String text, boolean error) {
        if (json()) {
            event("output", Map.of("stream", error ? "stderr" : "stdout", "text", text));
        } else {
            PrintStream stream = error ? err : out;
            stream.print(text);
            stream.flush();
        }
    }

    /**
     * Prints bytes as they are, such as a piece of a file. With {@code --json} they have to go into an event instead.
     *
     * @param bytes the bytes
     */
    public void bytes(byte[] bytes) {
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    /**
     * Prints rows under a heading.
     *
     * @param heading the names of the columns
     * @param rows the rows, each with a value per column
     */
    public void table(List<String> heading, List<List<String>> rows) {
        int[] widths = new int[heading.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(heading.get(i).length(),
                    rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
        }
        out.println(row(heading, widths));
        rows.forEach(row -> out.println(row(row, widths)));
        out.flush();
    }

    private static String row(List<String> values, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(values.get(i)).repeat(' ', widths[i] - values.get(i).length() + 2);
        }
        return line.toString().stripTrailing();
    }

    /**
     * Prints a remark for people.
     *
     * @param text the remark
     */
    public void note(String text) {
        wipe();
        if (progress == Progress.TTY || progress == Progress.PLAIN) {
            err.println(text);
        } else if (json()) {
            event("note", Map.of("text", text));
        }
    }

    /**
     * Says how far a command is that has no steps. Shown on a terminal only, until something else is printed.
     *
     * @param text how far it is
     */
    public void passing(String text) {
        if (progress == Progress.TTY) {
            passing.set(true);
            err.print(WIPE + " " + text);
            err.flush();
        }
    }

    /** Takes away what passed, so that something else can be printed. */
    void wipe() {
        if (passing.getAndSet(false)) {
            err.print(WIPE);
            err.flush();
        }
    }

    /**
     * Begins a step; {@link Step#done} ends it.
     *
     * @param number its number from 1
     * @param of how many steps there are
     * @param name its name
     * @return the running step
     */
    public Step step(int number, int of, String name) {
        return new Step(this, number, of, name, clock.millis());
    }

    /**
     * Prints a failure: three lines, or one JSON line.
     *
     * @param failure the failure
     */
    public void failure(Failure failure) {
        if (progress == Progress.TTY) {
            // Whoever failed may have been in the middle of a line.
            err.print(WIPE);
        }
        if (json()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("code", failure.code());
            fields.put("what", failure.what());
            fields.put("why", failure.why());
            fields.put("hint", failure.hint());
            event("error", fields);
            return;
        }
        err.println("error: " + failure.what());
        List<String> why = failure.why().lines().filter(line -> !line.isBlank()).toList();
        why.subList(Math.max(0, why.size() - WHY_LINES), why.size())
                .forEach(line -> err.println("  " + line.stripTrailing()));
        err.println("  hint: " + failure.hint());
        err.flush();
    }

    /**
     * Prints an event for programs; people see it when they asked for explanations.
     *
     * @param name the event's name
     * @param fields its fields
     */
    public void event(String name, Map<String, ?> fields) {
        if (!json()) {
            explain(name, fields);
            return;
        }
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event", name);
        event.putAll(fields);
        out.println(JsonMapper.shared().writeValueAsString(ordered(event)));
        out.flush();
    }

    /** Maps without an order of their own have another one in each run: theirs becomes that of the names. */
    private static Object ordered(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, Object> copy = map instanceof SequencedMap ? new LinkedHashMap<>() : new TreeMap<>();
                map.forEach((key, inner) -> copy.put(key, ordered(inner)));
                yield copy;
            }
            case Collection<?> items -> items.stream().map(Output::ordered).toList();
            default -> value;
        };
    }

    private void explain(String name, Map<String, ?> fields) {
        if (explaining && !name.equals("step")) {
            String facts = new TreeMap<>(fields).entrySet().stream()
                    .map(field -> field.getKey() + " " + String.valueOf(field.getValue()).replace("\n", " "))
                    .collect(Collectors.joining(", "));
            err.println((progress == Progress.TTY ? WIPE : "") + "     " + name + ": " + facts);
            err.flush();
        }
    }

    /** A step that is being done, such as {@code 2/5 flist}. */
    public static final class Step {
        private final Output output;
        private final int number;
        private final int of;
        private final String name;
        private final long started;

        private Step(Output output, int number, int of, String name, long started) {
            this.output = output;
            this.number = number;
            this.of = of;
            this.name = name;
            this.started = started;
        }

        /**
         * Says what the step is doing now. Shown on a terminal only, where the next line replaces it.
         *
         * @param detail what is being done
         */
        public void doing(String detail) {
            if (output.progress == Progress.TTY) {
                output.err.print(WIPE + line(detail));
                output.err.flush();
            }
        }

        /**
         * Ends the step.
         *
         * @param detail what was done
         * @param fields the same for programs
         */
        public void done(String detail, Map<String, ?> fields) {
            Duration took = Duration.ofMillis(Math.max(0, output.clock.millis() - started));
            if (output.progress == Progress.TTY) {
                output.err.print(WIPE);
            }
            if (output.progress == Progress.TTY || output.progress == Progress.PLAIN) {
                output.err.println(line(detail) + " " + " ".repeat(Math.max(0, DETAIL_WIDTH - detail.length()))
                        + String.format("%7s", Sizes.seconds(took)));
            }
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("step", name);
            all.put("seconds", took.toMillis() / 1000.0);
            all.putAll(fields);
            output.event("step", all);
        }

        /**
         * Does the work of the step; when it fails, the step ends without success.
         *
         * @param work what to do
         * @return what it returned
         */
        public <T> T during(Supplier<T> work) {
            try {
                return work.get();
            } catch (RuntimeException e) {
                failed();
                throw e;
            }
        }

        /** Ends the step without success; the failure itself follows. */
        public void failed() {
            if (output.progress == Progress.TTY) {
                output.err.print(WIPE);
            }
            if (output.progress == Progress.TTY || output.progress == Progress.PLAIN) {
                output.err.println(line("failed"));
            }
        }

        private String line(String detail) {
            return String.format(" %d/%d %-" + NAME_WIDTH + "s %s", number, of, name, detail);
        }
    }
}
