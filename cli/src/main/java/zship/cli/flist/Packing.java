package zship.cli.flist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.render.Output;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.flist.pack.PackEvent;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.store.StoreUrl;

/** How every command packs: with the creation time that the environment names, telling how far it is and what will be lost. */
public final class Packing implements PackEvents {
    private static final String EPOCH = "SOURCE_DATE_EPOCH";

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Output output;
    private final Map<String, Long> bytes = new HashMap<>();
    private final AtomicLong told = new AtomicLong(System.nanoTime());

    /** Tells {@code output}. */
    public Packing(Output output) {
        this.output = output;
    }

    /**
     * The options for a session: creation time {@code SOURCE_DATE_EPOCH}, else 0.
     *
     * @throws CliException when that variable is no time an flist can hold
     */
    public static PackOptions options(Session session) {
        String epoch = session.environment().getOrDefault(EPOCH, "");
        if (epoch.isEmpty()) {
            return PackOptions.DEFAULT;
        }
        if (!epoch.matches("[0-9]{1,10}") || Long.parseLong(epoch) > 0xffff_ffffL) {
            throw new CliException(ExitCode.USAGE, "cannot use " + EPOCH + "=" + epoch,
                    "it is no number of seconds from 0 to 4294967295", "unset it, or give seconds since 1970");
        }
        return PackOptions.DEFAULT.withCreated(Long.parseLong(epoch));
    }

    /**
     * Refuses a directory that holds the store it is packed to.
     *
     * @throws CliException when the store is inside
     */
    public static void requireStoreOutside(Path source, String store) {
        if (Files.isDirectory(source) && store.startsWith("dir://")
                && StoreUrl.of(store) instanceof StoreUrl.Folder folder
                && folder.path().toAbsolutePath().normalize().startsWith(source.toAbsolutePath().normalize())) {
            throw new CliException(ExitCode.USAGE, "cannot pack " + source,
                    "the store " + folder + " is inside of it, and would be packed while it grows",
                    "name a store in another folder");
        }
    }

    @Override
    public void on(PackEvent event) {
        switch (event) {
            case PackEvent.Read it -> progress("read", "files", it.files(), it.bytes());
            case PackEvent.Reused it -> progress("reused", "chunks", it.chunks(), it.bytes());
            case PackEvent.Sent it -> progress("sent", "chunks", it.chunks(), it.bytes());
            case PackEvent.Warned warned -> warn(warned);
        }
    }

    /** Programs are told every part, people the sums, and not more often than they can read. */
    private void progress(String event, String unit, int more, long part) {
        bytes.merge(event, part, Long::sum);
        long now = System.nanoTime();
        if (now - told.get() > PAUSE.toNanos()) {
            told.set(now);
            output.passing("read %s, sent %s, %s already there".formatted(sum("read"), sum("sent"), sum("reused")));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(unit, more);
        fields.put("bytes", part);
        output.event(event, fields);
    }

    private String sum(String event) {
        return Sizes.bytes(bytes.getOrDefault(event, 0L));
    }

    /** Each kind of loss once, counted, with the first entry concerned. */
    private void warn(PackEvent.Warned warned) {
        if (output.json()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("loss", warned.loss().name().toLowerCase(java.util.Locale.ROOT));
            fields.put("count", warned.count());
            fields.put("example", warned.example());
            fields.put("text", warned.loss().text());
            output.event("warning", fields);
        } else {
            output.note("warning: %s: %d, such as %s".formatted(warned.loss().text(), warned.count(),
                    warned.example()));
        }
    }
}
