package zship.flist.mount;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import zship.flist.TreePath;

/** Says which file could not be read and which store is to blame; each file once in a while, however often it is tried. */
final class FetchLog {
    private static final System.Logger LOG = System.getLogger("zship.flist.mount");
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int MOST = 1000;

    private final Map<String, Long> complained = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };
    private int failing;

    void failed(TreePath path, String store, String why) {
        String place = path.toString();
        long now = System.nanoTime();
        boolean fresh;
        synchronized (this) {
            failing++;
            Long before = complained.get(place);
            fresh = before == null || now - before > QUIET_NANOS;
            if (fresh) {
                complained.put(place, now);
            }
        }
        if (fresh) {
            LOG.log(System.Logger.Level.WARNING, "{0} cannot be read from the store {1}: {2}", place, store, why);
        }
    }

    void succeeded(String store) {
        boolean again;
        synchronized (this) {
            again = failing > 0;
            failing = 0;
            complained.clear();
        }
        if (again) {
            LOG.log(System.Logger.Level.INFO, "the store {0} gives chunks again", store);
        }
    }
}
