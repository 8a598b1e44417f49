package zship.cli.flist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.Flist;
import zship.flist.LinkEntry;
import zship.flist.Permissions;
import zship.flist.TreePath;
import zship.flist.edit.FlistUpdate;
import zship.flist.edit.ModeChange;
import zship.flist.edit.Passwords;
import zship.flist.edit.TreeEdits;
import zship.flist.pack.Losses;

/** {@code mkdir}, {@code rm}, {@code chmod} and {@code merge}. */
final class Edits {
    private static final Attributes NEW_DIRECTORY = new Attributes(Permissions.ROOT_DIRECTORY, 0, 0);

    private final Session session;
    private final Path file;

    Edits(Session session, Path file) {
        this.session = session;
        this.file = file;
    }

    int create() {
        if (Files.exists(file)) {
            throw new CliException(ExitCode.FAILED, "cannot make the flist " + file, "it exists",
                    "remove it first, or choose another name");
        }
        return result(file, Flist.of(Directory.root(NEW_DIRECTORY, List.of())).write(file));
    }

    int makeDirectories(List<String> texts, boolean parents) {
        List<TreePath> paths = texts.stream().map(Trees::path).toList();
        return apply(flist -> {
            Flist changed = flist;
            for (TreePath path : paths) {
                if (!parents && changed.lookup(path).isPresent()) {
                    throw new CliException(ExitCode.FAILED, "cannot make the directory " + path, "it exists",
                            "zship flist mkdir -p accepts that");
                }
                for (int depth = parents ? 1 : path.depth(); depth <= path.depth(); depth++) {
                    changed = TreeEdits.makeDirectory(changed, new TreePath(path.names().subList(0, depth)),
                            NEW_DIRECTORY);
                }
            }
            return changed;
        });
    }

    int remove(List<String> texts, boolean recursive) {
        List<TreePath> paths = texts.stream().map(Trees::path).toList();
        return apply(flist -> {
            Flist changed = flist;
            for (TreePath path : paths) {
                if (!recursive && Trees.require(changed, path) instanceof Directory) {
                    throw new CliException(ExitCode.FAILED, "cannot remove " + path, "it is a directory",
                            "zship flist rm -r removes it with all that is in it");
                }
                changed = TreeEdits.remove(changed, path);
            }
            return changed;
        });
    }

    int changeMode(String text, List<String> texts, boolean recursive) {
        ModeChange mode;
        try {
            mode = ModeChange.of(text);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, "cannot use the mode " + text, "it is neither octal nor symbolic",
                    "write 0755 or u=rwx,go+rx");
        }
        List<TreePath> paths = texts.stream().map(Trees::path).toList();
        return apply(flist -> {
            Flist changed = flist;
            for (TreePath path : paths) {
                Entry entry = Trees.require(changed, path);
                if (entry instanceof LinkEntry link) {
                    throw new CliException(ExitCode.FAILED, "cannot change the mode of " + path,
                            "it is a link, which has no rights of its own",
                            "name what it leads to, " + link.targetText());
                }
                changed = recursive && entry instanceof Directory directory
                        ? replace(changed, path, changed(directory, mode))
                        : TreeEdits.changeMode(changed, path, mode.apply(entry.permissions().mode(),
                                entry instanceof Directory));
            }
            return changed;
        });
    }

    int merge(List<Path> others, @Nullable Path output) {
        List<Flist> lower = others.stream().map(Flist::open).toList();
        UnaryOperator<Flist> merge = flist -> {
            Flist merged = flist;
            for (int i = 0; i < lower.size(); i++) {
                noteLostRouting(merged, others.get(i), lower.get(i));
                merged = TreeEdits.merge(merged, lower.get(i));
            }
            return merged;
        };
        if (output == null) {
            return apply(merge);
        }
        Flist first = Flist.open(file);
        Flist merged = merge.apply(first);
        String sha256 = merged.write(output);
        return changed(output, sha256, first, merged);
    }

    /** Who reads the merged flist looks for all chunks where the first one says. */
    private void noteLostRouting(Flist upper, Path other, Flist lower) {
        boolean routed = lower.router().isPresent() && !lower.router().equals(upper.router());
        Optional<String> backend = Optional.ofNullable(lower.metadata().get("backend"));
        boolean stored = backend.isPresent() && !backend.equals(Optional.ofNullable(upper.metadata().get("backend")));
        if (routed || stored) {
            session.output()
                    .note("where the chunks of " + other + " are is not kept: copy them to the store of the merged"
                            + " flist with zship store copy");
        }
    }

    int apply(UnaryOperator<Flist> change) {
        List<Flist> states = new ArrayList<>();
        String sha256 = FlistUpdate.apply(file, before -> {
            Flist after = change.apply(before);
            states.addAll(List.of(before, after));
            return after;
        });
        return changed(file, sha256, states.getFirst(), states.getLast());
    }

    /** Tells what nodes drop of what the change brought in, and only of that. */
    private int changed(Path written, String sha256, Flist before, Flist after) {
        Losses.between(before.root(), after.root()).report(new Packing(session.output()));
        notePasswords(written, after);
        return result(written, sha256);
    }

    /** They stay, because without them the chunks may not be found; whoever passes the flist on has to know. */
    private void notePasswords(Path written, Flist flist) {
        String warning = "warning: %s holds a password in its %s, which everybody who has the flist can read; without it: %s";
        if (Passwords.areInRouter(flist)) {
            session.output().note(warning.formatted(written, "routing table",
                    "zship flist router " + written + " ROUTER.yaml"));
        }
        if (Passwords.areInBackend(flist)) {
            session.output().note(warning.formatted(written, "backend metadata",
                    "zship flist metadata " + written + " backend zdb://HOST:PORT"));
        }
    }

    private int result(Path written, String sha256) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("flist", written.toString());
        fields.put("sha256", sha256);
        session.output().result(fields, "");
        return ExitCode.OK;
    }

    private static Flist replace(Flist flist, TreePath path, Directory directory) {
        return path.isRoot() ? flist.withRoot(directory) : TreeEdits.put(flist, path, directory);
    }

    /** The rights of links mean nothing and stay. */
    private static Directory changed(Directory directory, ModeChange mode) {
        List<Entry> entries = directory.entries().stream().map(entry -> switch (entry) {
            case Directory below -> changed(below, mode);
            case LinkEntry link -> link;
            default -> withMode(entry, mode, false);
        }).toList();
        return directory.withEntries(entries).withAttributes(withMode(directory, mode, true).attributes());
    }

    private static Entry withMode(Entry entry, ModeChange mode, boolean directory) {
        Permissions permissions = entry.permissions();
        return entry.withAttributes(entry.attributes()
                .withPermissions(permissions.withMode(mode.apply(permissions.mode(), directory))));
    }
}
