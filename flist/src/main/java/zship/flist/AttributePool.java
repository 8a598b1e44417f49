package zship.flist;

import java.util.HashMap;
import java.util.Map;

/** Gives one object for equal attributes: most entries of a tree share theirs with others. Used by one thread. */
public final class AttributePool {
    /** More different ones than this are not remembered. */
    private static final int MOST = 10_000;

    private final Map<Attributes, Attributes> known = new HashMap<>();
    private final Map<Permissions, Permissions> permissions = new HashMap<>();

    /** The object for these attributes. */
    public Attributes attributes(Permissions rights, long modified, long created) {
        Permissions shared = one(permissions, rights);
        return one(known, new Attributes(shared, modified, created));
    }

    private static <T> T one(Map<T, T> known, T fresh) {
        T old = known.size() < MOST ? known.putIfAbsent(fresh, fresh) : known.get(fresh);
        return old == null ? fresh : old;
    }
}
