package zship.flist.pack;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import zship.flist.Name;
import zship.flist.pack.Draft.Folder;

/**
 * A directory of a tree that is being read, with the way to it, so that links can be followed from there.
 *
 * @param folder the directory
 * @param above  the place of the directory it is in; empty for the root
 */
record Place(Folder folder, Optional<Place> above) {
    /** As many links as the kernel follows for one path. */
    private static final int MOST_LINKS = 40;

    static Place root(Folder folder) {
        return new Place(folder, Optional.empty());
    }

    /** A directory in this one. */
    Place below(Folder child) {
        return new Place(child, Optional.of(this));
    }

    /** The directory that a link in this one leads to. It is never outside the tree: above the root is the root. */
    Optional<Place> follow(Draft.Link link) {
        return follow(link.target(), MOST_LINKS);
    }

    private Optional<Place> follow(byte[] target, int links) {
        String path = new String(target, StandardCharsets.ISO_8859_1);
        Place place = path.startsWith("/") ? root() : this;
        List<String> names = Arrays.stream(path.split("/")).filter(name -> !name.isEmpty() && !name.equals("."))
                .toList();
        for (String name : names) {
            Optional<Place> next = name.equals("..")
                    ? Optional.of(place.above.orElse(place))
                    : place.step(Name.of(name.getBytes(StandardCharsets.ISO_8859_1)), links);
            if (next.isEmpty()) {
                return next;
            }
            place = next.get();
        }
        return Optional.of(place);
    }

    private Optional<Place> step(Name name, int links) {
        return switch (folder.children().get(name)) {
            case Folder child -> Optional.of(below(child));
            case Draft.Link link when links > 0 -> follow(link.target(), links - 1);
            case null, default -> Optional.empty();
        };
    }

    private Place root() {
        return above.map(Place::root).orElse(this);
    }
}
