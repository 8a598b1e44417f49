package zship.flist.mount;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.disk.DiskFaults;

/**
 * Verified plain chunks in a directory, one file each, so that a chunk is fetched once however many files, mounts and processes
 * want it. The directory is bounded in size: the chunks that were not read for the longest time go first, and never one that
 * is being read.
 *
 * <p>Chunks are found by id and key together: who knows only the id must not get the content. Files appear under their name
 * only when complete, but are not synced; after the machine has started anew, each is verified again before it is used.
 * Several processes may use one directory; each then keeps to the limit for itself.
 */
public final class ChunkCache {
    private static final System.Logger LOG = System.getLogger(ChunkCache.class.getName());
    private static final int MOST_MAPPED = 512;

    private final CacheDirectory directory;
    private final long limit;
    private final Map<Block, Slot> slots = new LinkedHashMap<>(256, 0.75f, true);
    private final Map<Block, Slot> mapped = new LinkedHashMap<>(256, 0.75f, true);
    private long total;
    private boolean unwritable;

    private final class Slot implements CachedPiece.Holder {
        private final Block block;
        private final Path file;
        private final long size;
        private final boolean trusted;
        private int readers;
        private @Nullable MemorySegment memory;

        Slot(Block block, Path file, long size, boolean trusted) {
            this.block = block;
            this.file = file;
            this.size = size;
            this.trusted = trusted;
        }

        @Override
        public void hold() {
            synchronized (ChunkCache.this) {
                readers++;
            }
        }

        @Override
        public void release() {
            synchronized (ChunkCache.this) {
                readers--;
                shrink();
            }
        }
    }

    private ChunkCache(CacheDirectory directory, long limit) {
        this.directory = directory;
        this.limit = limit;
    }

    /**
     * The cache in this directory, which is made when it does not exist.
     *
     * @param limit bytes that it may hold; more than that is removed at once
     * @throws IOException when the directory can be neither made nor read
     */
    public static ChunkCache open(Path directory, long limit) throws IOException {
        CacheDirectory files = CacheDirectory.open(directory);
        ChunkCache cache = new ChunkCache(files, limit);
        for (CacheDirectory.Found found : files.list()) {
            cache.add(cache.new Slot(found.block(), found.file(), found.size(), found.trusted()));
        }
        synchronized (cache) {
            cache.shrink();
        }
        return cache;
    }

    /** Bytes of all chunks here. */
    public synchronized long bytes() {
        return total;
    }

    /** Whether the chunk is here. */
    public synchronized boolean contains(Block block) {
        return slots.containsKey(block);
    }

    /** The chunk, if it is here and known to be good. */
    synchronized Optional<CachedPiece> find(Block block) {
        Slot slot = slots.get(block);
        if (slot == null || !slot.trusted) {
            return Optional.empty();
        }
        try {
            MemorySegment memory = map(slot);
            slot.readers++;
            return Optional.of(new CachedPiece(memory, slot));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} is gone: {1}", slot.file, e.getMessage());
            forget(slot);
            return Optional.empty();
        }
    }

    /** The chunk, if an earlier start of the machine left it here and its content still proves right. */
    Optional<CachedPiece> recover(Block block) {
        Slot old;
        synchronized (this) {
            Slot slot = slots.get(block);
            if (slot == null || slot.trusted) {
                return find(block);
            }
            old = slot;
        }
        try {
            byte[] plain = old.size > ChunkCodec.MAX_PIECE ? new byte[0] : Files.readAllBytes(old.file);
            boolean good = ChunkCodec.keyOf(plain, 0, plain.length).equals(block.key());
            synchronized (this) {
                if (slots.get(block) == old) {
                    forget(old);
                    directory.delete(old.file);
                }
            }
            return good ? Optional.of(keep(block, plain)) : Optional.empty();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} is gone: {1}", old.file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps a verified chunk. When the disk is full or broken, it is only in memory. */
    CachedPiece keep(Block block, byte[] plain) throws IOException {
        Path file;
        try {
            file = directory.write(block, plain);
        } catch (IOException e) {
            complain(e);
            return inMemory(plain);
        }
        synchronized (this) {
            if (!slots.containsKey(block)) {
                add(new Slot(block, file, plain.length, true));
            }
        }
        Optional<CachedPiece> kept = find(block);
        synchronized (this) {
            shrink();
        }
        return kept.isPresent() ? kept.get() : inMemory(plain);
    }

    /** Whether more chunks fit without another having to go. */
    synchronized boolean hasRoom() {
        return total < limit - limit / 10;
    }

    private static CachedPiece inMemory(byte[] plain) throws IOException {
        MemorySegment memory = Kernel.copy(plain);
        return new CachedPiece(memory, new CachedPiece.Holder() {
            private int readers = 1;

            @Override
            public synchronized void hold() {
                readers++;
            }

            @Override
            public synchronized void release() {
                if (--readers == 0) {
                    Kernel.unmap(memory);
                }
            }
        });
    }

    private synchronized void complain(IOException e) {
        if (!unwritable) {
            LOG.log(System.Logger.Level.WARNING, "chunks are not kept in {0}: {1}", directory.path(),
                    DiskFaults.reason(e));
        }
        unwritable = true;
    }

    private synchronized void add(Slot slot) {
        slots.put(slot.block, slot);
        total += slot.size;
    }

    private MemorySegment map(Slot slot) throws IOException {
        MemorySegment memory = slot.memory;
        if (memory == null) {
            memory = Kernel.map(slot.file, slot.size);
            slot.memory = memory;
            Files.setLastModifiedTime(slot.file, FileTime.from(Instant.now()));
        }
        mapped.put(slot.block, slot);
        return memory;
    }

    /** Lets go of the chunks read least recently, until the limits hold. */
    private void shrink() {
        for (Iterator<Slot> all = mapped.values().iterator(); mapped.size() > MOST_MAPPED && all.hasNext();) {
            Slot slot = all.next();
            if (slot.readers == 0) {
                all.remove();
                unmap(slot);
            }
        }
        for (Iterator<Slot> all = slots.values().iterator(); total > limit && all.hasNext();) {
            Slot slot = all.next();
            if (slot.readers == 0) {
                all.remove();
                mapped.remove(slot.block);
                unmap(slot);
                total -= slot.size;
                directory.delete(slot.file);
            }
        }
    }

    private void forget(Slot slot) {
        slots.remove(slot.block);
        mapped.remove(slot.block);
        total -= slot.size;
    }

    private static void unmap(Slot slot) {
        MemorySegment memory = slot.memory;
        if (memory != null) {
            slot.memory = null;
            Kernel.unmap(memory);
        }
    }
}
