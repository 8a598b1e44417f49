package zship.flist.format;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * The SQLite file inside an flist: a table {@code entries} (key TEXT, value BLOB) with one row per directory and one per set of
 * permissions, and a table {@code metadata} (key TEXT, value TEXT), which flists made before June 2019 lack.
 *
 * @param entries values by key, as bytes; of a database that was read, the reader may take them out one by one
 * @param metadata texts by key
 */
public record FlistDatabase(Map<String, byte[]> entries, SortedMap<String, String> metadata) {
    private static final int MAX_VALUE = 512 << 20;
    private static final int MAX_KEY = 1024;
    private static final int HEADER = 100;
    private static final byte ROLLBACK_JOURNAL = 1;
    /** Virtual machine steps between two looks at the budget, and the budget: a hostile schema must not run for ever. */
    private static final int STEPS_PER_LOOK = 100_000;
    private static final int STEPS_PER_BYTE = 64;

    /**
     * Reads a database completely.
     *
     * @throws MalformedFlistException when the file is damaged or lacks the table of entries
     */
    public static FlistDatabase parse(byte[] file) throws MalformedFlistException {
        if (file.length < HEADER || file[0] != 'S' || file[1] != 'Q' || file[2] != 'L') {
            throw new MalformedFlistException("the member flistdb.sqlite3 is not an SQLite database");
        }
        try (SQLiteConnection connection = inMemory()) {
            connection.deserialize("main", withoutLog(file));
            connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, MAX_VALUE);
            ProgressHandler.setHandler(connection, STEPS_PER_LOOK,
                    new StepBudget(1000 + file.length / STEPS_PER_LOOK * STEPS_PER_BYTE));
            return read(connection, file.length);
        } catch (SQLException e) {
            throw new MalformedFlistException("the database is damaged: " + reason(e), e);
        }
    }

    /** A database that is marked as using a write-ahead log cannot be opened from memory; the log itself never travels. */
    private static byte[] withoutLog(byte[] file) {
        if (file[18] == ROLLBACK_JOURNAL && file[19] == ROLLBACK_JOURNAL) {
            return file;
        }
        byte[] image = file.clone();
        image[18] = ROLLBACK_JOURNAL;
        image[19] = ROLLBACK_JOURNAL;
        return image;
    }

    private static SQLiteConnection inMemory() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.OFF);
        return (SQLiteConnection) config.createConnection("jdbc:sqlite::memory:");
    }

    private static FlistDatabase read(Connection connection, int fileBytes)
            throws SQLException, MalformedFlistException {
        if (!isTable(connection, "entries")) {
            throw new MalformedFlistException("the database has no table 'entries'");
        }
        Map<String, byte[]> entries = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT key, value FROM entries WHERE typeof(key) = 'text'"
                        + " AND length(key) <= " + MAX_KEY)) {
            long total = 0;
            while (rows.next()) {
                byte[] value = rows.getBytes(2);
                total += value == null ? 0 : value.length;
                if (total > fileBytes) {
                    throw new MalformedFlistException("the values are larger than the database that holds them");
                }
                entries.put(rows.getString(1), value == null ? new byte[0] : value);
            }
        }
        return new FlistDatabase(entries,
                isTable(connection, "metadata") ? metadata(connection, fileBytes) : new TreeMap<>());
    }

    private static SortedMap<String, String> metadata(Connection connection, int fileBytes)
            throws SQLException, MalformedFlistException {
        SortedMap<String, String> metadata = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT key, value FROM metadata WHERE typeof(key) = 'text'"
                        + " AND typeof(value) = 'text' AND length(key) <= " + MAX_KEY)) {
            long total = 0;
            while (rows.next()) {
                String value = rows.getString(2);
                total += value.length();
                if (total > fileBytes) {
                    throw new MalformedFlistException("the metadata is larger than the database that holds it");
                }
                metadata.put(rows.getString(1), value);
            }
        }
        return metadata;
    }

    /** Views, virtual tables and computed columns could run anything, so only plain tables count. */
    private static boolean isTable(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT count(*) FROM sqlite_schema"
                + " WHERE name = ? AND type = 'table' AND rootpage > 0 AND sql NOT LIKE '%generated%' AND sql NOT LIKE '% as %'")) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() && rows.getInt(1) == 1;
            }
        }
    }

    private static String reason(SQLException e) {
        return e.getMessage() == null ? "no reason given" : e.getMessage();
    }

    /** Stops a query that runs longer than reading the file could need. */
    private static final class StepBudget extends ProgressHandler {
        private final int looks;
        private final AtomicInteger used = new AtomicInteger();

        StepBudget(int looks) {
            this.looks = looks;
        }

        @Override
        protected int progress() {
            return used.incrementAndGet() > looks ? 1 : 0;
        }
    }
}
