package zship.flist.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.SortedMap;

import org.sqlite.SQLiteConfig;

import zship.flist.disk.ScratchFile;

/**
 * The database of an flist that is being written, see {@link FlistDatabase}, row by row into a file without a name. The same rows
 * in the same order give the same bytes.
 */
public final class FlistDatabaseFile implements AutoCloseable {
    private static final String ENTRIES_TABLE = "CREATE TABLE entries (key VARCHAR(64) PRIMARY KEY, value BLOB)";
    private static final String METADATA_TABLE = "CREATE TABLE metadata (key VARCHAR(64) PRIMARY KEY, value TEXT)";
    /** Pages in memory, outside of the heap, in kibibytes as SQLite takes it: the keys of a large tree come in no order. */
    private static final int CACHE = -32 << 10;
    private static final int BUFFER = 1 << 16;

    private final ScratchFile file;
    private final Connection connection;
    private final PreparedStatement insert;

    private FlistDatabaseFile(ScratchFile file, Connection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        this.insert = connection.prepareStatement("INSERT OR IGNORE INTO entries VALUES (?, ?)");
    }

    /** A database without rows. */
    public static FlistDatabaseFile create() throws IOException {
        try (ScratchFile.Named named = ScratchFile.named()) {
            try {
                return begin(named);
            } catch (SQLException e) {
                named.file().close();
                throw fault(e);
            }
        }
    }

    /** The file is open when it has its tables, and can lose its name then. */
    private static FlistDatabaseFile begin(ScratchFile.Named named) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.OFF);
        config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
        config.setCacheSize(CACHE);
        // A question mark in a plain name would begin the driver's settings.
        Connection connection = config.createConnection("jdbc:sqlite:" + named.path().toUri());
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate(ENTRIES_TABLE);
            statement.executeUpdate(METADATA_TABLE);
            return new FlistDatabaseFile(named.file(), connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Adds a row, unless there is one with this key. */
    public void add(String key, byte[] value) throws IOException {
        try {
            insert.setString(1, key);
            insert.setBytes(2, value);
            insert.executeUpdate();
            // The statement would hold on to the value, which may be large.
            insert.clearParameters();
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    /** Adds the last table and completes the file. */
    public void finish(SortedMap<String, String> metadata) throws IOException {
        try (PreparedStatement text = connection.prepareStatement("INSERT INTO metadata VALUES (?, ?)")) {
            for (Map.Entry<String, String> row : metadata.entrySet()) {
                text.setString(1, row.getKey());
                text.setString(2, row.getValue());
                text.executeUpdate();
            }
            insert.close();
            connection.commit();
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    long size() throws IOException {
        return file.size();
    }

    byte[] bytes() throws IOException {
        byte[] bytes = new byte[Math.toIntExact(size())];
        file.read(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    void writeTo(OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long size = size();
        for (long at = 0; at < size; at += buffer.limit()) {
            file.read(at, buffer.clear().limit((int) Math.min(BUFFER, size - at)));
            out.write(buffer.array(), 0, buffer.limit());
        }
    }

    @Override
    public void close() throws IOException {
        try (ScratchFile closed = file) {
            connection.close();
        } catch (SQLException e) {
            throw fault(e);
        }
    }

    private static IOException fault(SQLException e) {
        return new IOException(e.getMessage() == null ? "SQLite gave no reason" : e.getMessage(), e);
    }
}
