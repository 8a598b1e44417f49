package zship.flist.pack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import zship.flist.Name;
import zship.flist.pack.Draft.Folder;

/**
 * A directory of a tree that is being read, with the way to it, so that links can be followed from there.
 *
 * @param folder the directory
 * @param above  the place of the directory it is in; empty for the root
 * @param depth  how many directories it is in
 */
record Place(Folder folder, Optional<Place> above, int depth) {
    /** As many links as the kernel follows for one path, those in the way of links included. */
    private static final int MOST_LINKS = 40;

    static Place root(Folder folder) {
        return new Place(folder, Optional.empty(), 0);
    }

    /** This place and those above it. */
    Stream<Place> chain() {
        return Stream.iterate(Optional.of(this), Optional::isPresent, place -> place.flatMap(Place::above))
                .flatMap(Optional::stream);
    }

    /** A directory in this one. */
    Place below(Folder child) {
        return new Place(child, Optional.of(this), depth + 1);
    }

    /** The directory that a link in this one leads to. It is never outside the tree: above the root is the root. */
    Optional<Place> follow(Draft.Link link) {
        Place place = start(link);
        Deque<String> ahead = new ArrayDeque<>(names(link));
        int links = 1;
        while (!ahead.isEmpty()) {
            String name = ahead.pop();
            if (name.equals("..")) {
                place = place.above.orElse(place);
                continue;
            }
            Draft child = place.child(name).orElse(null);
            if (child instanceof Folder inner) {
                place = place.below(inner);
            } else if (child instanceof Draft.Link next && links < MOST_LINKS) {
                links++;
                place = place.start(next);
                names(next).reversed().forEach(ahead::push);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(place);
    }

    private static List<String> names(Draft.Link link) {
        return Arrays.stream(new String(link.target(), StandardCharsets.ISO_8859_1).split("/"))
                .filter(name -> !name.isEmpty() && !name.equals(".")).toList();
    }

    private Place start(Draft.Link link) {
        return link.target()[0] == '/' ? root() : this;
    }

    private Optional<Draft> child(String name) {
        return name.length() > Name.MAX_BYTES
                ? Optional.empty()
                : folder.children().find(Name.of(name.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private Place root() {
        return above.map(Place::root).orElse(this);
    }
}
