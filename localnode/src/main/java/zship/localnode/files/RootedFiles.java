package zship.localnode.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

import zship.flist.disk.ChangingTree;
import zship.localnode.files.LinuxOpen.Descriptor;

/**
 * Files below a root directory, such as that of a running container: links are followed inside only, and devices are never
 * opened, because a device that a container made is the machine's own.
 */
public final class RootedFiles {

    private final Path root;
    private final BooleanSupplier stillThere;

    /** What to do with an existing path. */
    @FunctionalInterface
    public interface Visit<T> {
        /** The path stays valid during this call; it names exactly the file that was looked up. */
        T at(Path path) throws IOException;
    }

    /**
     * Files below a directory.
     *
     * @param root       the directory, such as {@code /proc/<pid>/root}
     * @param stillThere asked after the root was opened: whether it is still what it was meant to be
     */
    public RootedFiles(Path root, BooleanSupplier stillThere) {
        this.root = root;
        this.stillThere = stillThere;
    }

    private Descriptor openRoot() throws IOException {
        Descriptor opened = LinuxOpen.root(root);
        if (!stillThere.getAsBoolean()) {
            opened.close();
            throw new NoSuchFileException(root.toString());
        }
        return opened;
    }

    /** Looks at an existing file or directory; links are followed. */
    public <T> T visit(String path, Visit<T> visit) throws IOException {
        try (Descriptor top = openRoot(); Descriptor found = LinuxOpen.inside(top, path, LinuxOpen.PATH_ONLY, 0)) {
            return visit.at(found.path());
        }
    }

    /** Works on the name itself: its directory exists, the name need not and is not followed. */
    public <T> T visitName(String path, Visit<T> visit) throws IOException {
        String cleaned = path.replaceAll("/+$", "");
        int slash = cleaned.lastIndexOf('/');
        String name = cleaned.substring(slash + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new FileSystemException(path, null, "Device or resource busy");
        }
        try (Descriptor top = openRoot();
                Descriptor parent = LinuxOpen.inside(top, slash < 0 ? "/" : cleaned.substring(0, slash + 1),
                        LinuxOpen.PATH_ONLY | LinuxOpen.DIRECTORY, 0)) {
            return visit.at(parent.path().resolve(name));
        }
    }

    /** Whether there is something. */
    public boolean exists(String path) {
        try {
            return visit(path, found -> true);
        } catch (IOException missing) {
            return false;
        }
    }

    /** Opens a regular file, making it when asked to. */
    FileChannel open(String path, OpenMode mode, int permissions) throws IOException {
        try (Descriptor top = openRoot()) {
            if (mode.create() || mode.exclusive()) {
                make(top, path, mode.exclusive(), permissions);
            }
            try (Descriptor found = LinuxOpen.inside(top, path, LinuxOpen.PATH_ONLY, 0)) {
                if (!Files.isRegularFile(found.path())) {
                    throw new FileSystemException(path, null,
                            Files.isDirectory(found.path()) ? "Is a directory" : "Not a regular file");
                }
                return FileChannel.open(found.path(), options(mode));
            }
        }
    }

    /** Opens a regular file for writing, wherever in it; a missing one is made, mode 0644. */
    public FileChannel appendTo(String path) throws IOException {
        return open(path, new OpenMode(false, true, true, false, false, true), 0644);
    }

    /** Makes a file unless it is there; through a link that leads to nothing, what it leads to is made. */
    private static void make(Descriptor top, String path, boolean exclusive, int permissions) throws IOException {
        if (!exclusive && isThere(top, path)) {
            return;
        }
        int flags = LinuxOpen.READ_WRITE | LinuxOpen.CREATE | LinuxOpen.NON_BLOCKING
                | (exclusive ? LinuxOpen.EXCLUSIVE : 0);
        try (Descriptor made = LinuxOpen.inside(top, path, flags, permissions & 0777)) {
            Files.setAttribute(made.path(), "unix:mode", permissions & 0777);
        }
    }

    private static boolean isThere(Descriptor top, String path) throws IOException {
        try (Descriptor found = LinuxOpen.inside(top, path, LinuxOpen.PATH_ONLY, 0)) {
            return found.number() >= 0;
        } catch (NoSuchFileException missing) {
            return false;
        }
    }

    private static Set<StandardOpenOption> options(OpenMode mode) {
        Set<StandardOpenOption> options = new HashSet<>();
        if (mode.read()) {
            options.add(StandardOpenOption.READ);
        }
        if (mode.write()) {
            options.add(StandardOpenOption.WRITE);
        }
        if (mode.truncate()) {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        return options;
    }

    /** Makes a directory and those above it, mode 0755. */
    public void makeDirectories(String path) throws IOException {
        StringBuilder sofar = new StringBuilder();
        for (String name : RootPaths.names(path)) {
            sofar.append('/').append(name);
            try {
                visitName(sofar.toString(), Files::createDirectory);
            } catch (FileAlreadyExistsException there) {
                visit(sofar.toString(), found -> {
                    if (!Files.isDirectory(found)) {
                        throw new FileSystemException(path, null, "Not a directory");
                    }
                    return found;
                });
            }
        }
    }

    /** Removes a file or a whole tree; a missing one is fine. Links are removed, not followed. */
    public void remove(String path) throws IOException {
        Deque<String> left = new ArrayDeque<>(List.of(path));
        while (!left.isEmpty()) {
            String next = left.peekLast();
            try {
                List<String> inside = children(next);
                if (!inside.isEmpty()) {
                    left.addAll(inside);
                    continue;
                }
                visitName(next, name -> {
                    Files.deleteIfExists(name);
                    return name;
                });
            } catch (NoSuchFileException gone) {
                left.removeLast();
                continue;
            }
            left.removeLast();
        }
    }

    /** What is in a directory, with its path; nothing when it is none, or a link to one. */
    List<String> children(String directory) throws IOException {
        if (!visitName(directory, name -> Files.isDirectory(name, LinkOption.NOFOLLOW_LINKS))) {
            return List.of();
        }
        try (Descriptor top = openRoot();
                Descriptor found = LinuxOpen.inside(top, directory,
                        LinuxOpen.READ_ONLY | LinuxOpen.DIRECTORY | LinuxOpen.NO_FOLLOW, 0)) {
            return ChangingTree.children(found.path()).stream()
                    .map(entry -> directory + "/" + entry.getFileName()).toList();
        }
    }

    /** Copies a file or a link of this machine here, with its owner and mode; whatever has the name is replaced. */
    public void copyIn(Path source, String path) throws IOException {
        remove(path);
        visitName(path, name -> Files.copy(source, name, LinkOption.NOFOLLOW_LINKS));
        copyAttributes(source, path);
    }

    /** Gives a file the owner and mode of one of this machine; a link only the owner. */
    public void copyAttributes(Path source, String path) throws IOException {
        visitName(path, name -> {
            for (String attribute : new String[]{"unix:uid", "unix:gid"}) {
                Files.setAttribute(name, attribute, Files.getAttribute(source, attribute, LinkOption.NOFOLLOW_LINKS),
                        LinkOption.NOFOLLOW_LINKS);
            }
            return name;
        });
        if (!Files.isSymbolicLink(source)) {
            int mode = (int) Files.getAttribute(source, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
            visit(path, file -> Files.setAttribute(file, "unix:mode", mode));
        }
    }

    /** Gives a file another name; an existing one is replaced. */
    public void move(String from, String to) throws IOException {
        visitName(from, source -> visitName(to,
                target -> Files.move(source, target, StandardCopyOption.ATOMIC_MOVE)));
    }
}
