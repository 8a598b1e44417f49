package zship.flist.chunk;

import java.util.ArrayList;
import java.util.List;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * XXTEA of several messages at once, one in each lane of the vectors. Within a message every word depends on the one before,
 * so only other messages can keep the processor busy.
 *
 * <p>Messages of different lengths may be mixed. Word {@code p} of every lane is in row {@code p}; rows behind the end of a
 * lane's message hold what nobody reads. Where a message ends, its last word is worked out alone.
 */
final class VectorXxtea {
    private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    /** Shorter messages, in words, need more rounds than the others. */
    static final int FEWEST_WORDS = 53;
    private static final int ROUNDS = 6;
    /** Rows that are moved for one lane before the next lane's turn, so few that they stay in the nearest cache. */
    private static final int TILE = 64;

    private final int[] keys = new int[4 * LANES];
    private final int[] carried = new int[LANES];
    private final int[] ends = new int[LANES];
    private final int[] ending = new int[LANES];
    private int[] rows = new int[0];

    /** Enciphers at most {@link #LANES} messages, the longest first, each with {@link #FEWEST_WORDS} words or more. */
    List<byte[]> encrypt(List<Slice> messages, List<byte[]> keyBytes) {
        int count = messages.size();
        reserve(messages.getFirst().length());
        for (int lane = 0; lane < count; lane++) {
            Slice message = messages.get(lane);
            loadKey(keyBytes.get(lane), lane);
            ends[lane] = Xxtea.encryptedLength(message.length()) / 4 - 1;
            rows[message.length() / 4 * LANES + lane] = Xxtea.tailWord(message);
            rows[ends[lane] * LANES + lane] = message.length();
        }
        load(messages);
        for (int round = 1; round <= ROUNDS; round++) {
            encipherRound(count, round * Xxtea.DELTA);
        }
        List<byte[]> ciphers = new ArrayList<>(count);
        for (int lane = 0; lane < count; lane++) {
            ciphers.add(new byte[4 * (ends[lane] + 1)]);
        }
        store(ciphers.stream().map(Slice::of).toList());
        return ciphers;
    }

    /** Deciphers to {@code targets}; the last word of each is the length. Messages as for {@link #encrypt}. */
    void decrypt(List<Slice> ciphers, List<Slice> targets, List<byte[]> keyBytes) {
        int count = ciphers.size();
        reserve(ciphers.getFirst().length());
        for (int lane = 0; lane < count; lane++) {
            loadKey(keyBytes.get(lane), lane);
            ends[lane] = ciphers.get(lane).length() / 4 - 1;
        }
        load(ciphers);
        for (int round = ROUNDS; round > 0; round--) {
            decipherRound(count, round * Xxtea.DELTA);
        }
        store(targets);
    }

    private void encipherRound(int count, int sum) {
        int e = sum >>> 2 & 3;
        for (int lane = 0; lane < count; lane++) {
            carried[lane] = rows[ends[lane] * LANES + lane];
        }
        int from = 0;
        for (int lane = count - 1; lane >= 0; lane--) {
            int end = ends[lane];
            encipherRows(rows, from, end, new Round(keys, carried, sum));
            from = end;
            ending[lane] = rows[end * LANES + lane]
                    + Xxtea.mix(rows[lane], carried[lane], sum, keys[(end & 3 ^ e) * LANES + lane]);
        }
        for (int lane = 0; lane < count; lane++) {
            rows[ends[lane] * LANES + lane] = ending[lane];
        }
    }

    private void decipherRound(int count, int sum) {
        int e = sum >>> 2 & 3;
        for (int lane = 0; lane < count; lane++) {
            int end = ends[lane];
            carried[lane] = rows[lane];
            while (lane + 1 < count && ends[lane + 1] == end) {
                lane++;
                carried[lane] = rows[lane];
            }
            int next = lane + 1 < count ? ends[lane + 1] : 0;
            decipherRows(rows, end, next, new Round(keys, carried, sum));
        }
        for (int lane = 0; lane < count; lane++) {
            rows[lane] -= Xxtea.mix(carried[lane], rows[ends[lane] * LANES + lane], sum, keys[e * LANES + lane]);
        }
    }

    /** What the rows of one round have in common; {@code carried} is the word worked out last, for every lane. */
    private record Round(int[] keys, int[] carried, int sum) {
    }

    private static void encipherRows(int[] rows, int from, int to, Round round) {
        if (from == to) {
            return;
        }
        int[] keys = round.keys;
        int e = round.sum >>> 2 & 3;
        IntVector sum = IntVector.broadcast(SPECIES, round.sum);
        IntVector z = IntVector.fromArray(SPECIES, round.carried, 0);
        IntVector y = IntVector.fromArray(SPECIES, rows, from * LANES);
        for (int p = from; p < to; p++) {
            IntVector x = y;
            y = IntVector.fromArray(SPECIES, rows, (p + 1) * LANES);
            z = x.add(mix(y, z, sum, IntVector.fromArray(SPECIES, keys, (p & 3 ^ e) * LANES)));
            z.intoArray(rows, p * LANES);
        }
        z.intoArray(round.carried, 0);
    }

    private static void decipherRows(int[] rows, int from, int to, Round round) {
        int[] keys = round.keys;
        int e = round.sum >>> 2 & 3;
        IntVector sum = IntVector.broadcast(SPECIES, round.sum);
        IntVector y = IntVector.fromArray(SPECIES, round.carried, 0);
        IntVector z = IntVector.fromArray(SPECIES, rows, from * LANES);
        for (int p = from; p > to; p--) {
            IntVector x = z;
            z = IntVector.fromArray(SPECIES, rows, (p - 1) * LANES);
            y = x.sub(mix(y, z, sum, IntVector.fromArray(SPECIES, keys, (p & 3 ^ e) * LANES)));
            y.intoArray(rows, p * LANES);
        }
        y.intoArray(round.carried, 0);
    }

    private static IntVector mix(IntVector y, IntVector z, IntVector sum, IntVector k) {
        IntVector left = z.lanewise(VectorOperators.LSHR, 5)
                .lanewise(VectorOperators.XOR, y.lanewise(VectorOperators.LSHL, 2));
        IntVector right = y.lanewise(VectorOperators.LSHR, 3)
                .lanewise(VectorOperators.XOR, z.lanewise(VectorOperators.LSHL, 4));
        IntVector keyed = sum.lanewise(VectorOperators.XOR, y).add(k.lanewise(VectorOperators.XOR, z));
        return left.add(right).lanewise(VectorOperators.XOR, keyed);
    }

    private void loadKey(byte[] key, int lane) {
        int[] words = Xxtea.keyWords(key);
        for (int i = 0; i < words.length; i++) {
            keys[i * LANES + lane] = words[i];
        }
    }

    /** Whole words of all messages into their lanes. */
    private void load(List<Slice> messages) {
        // The first one is the longest when padded; another may have one whole word more.
        int most = messages.stream().mapToInt(message -> message.length() / 4).max().orElse(0);
        for (int tile = 0; tile < most; tile += TILE) {
            for (int lane = 0; lane < messages.size(); lane++) {
                Slice message = messages.get(lane);
                load(message.array(), message.offset(), rows, new Part(lane, tile, message.length() / 4));
            }
        }
    }

    private void store(List<Slice> targets) {
        int most = targets.getFirst().length() / 4;
        for (int tile = 0; tile < most; tile += TILE) {
            for (int lane = 0; lane < targets.size(); lane++) {
                Slice target = targets.get(lane);
                store(rows, target.array(), target.offset(), new Part(lane, tile, target.length() / 4));
            }
        }
    }

    /** The rows of a tile that a lane has. */
    private record Part(int lane, int from, int to) {
        Part {
            to = Math.min(to, from + TILE);
        }
    }

    private static void load(byte[] array, int offset, int[] rows, Part part) {
        int lane = part.lane;
        int to = part.to;
        for (int p = part.from; p < to; p++) {
            rows[p * LANES + lane] = (int) Xxtea.INT.get(array, offset + 4 * p);
        }
    }

    private static void store(int[] rows, byte[] array, int offset, Part part) {
        int lane = part.lane;
        int to = part.to;
        for (int p = part.from; p < to; p++) {
            Xxtea.INT.set(array, offset + 4 * p, rows[p * LANES + lane]);
        }
    }

    private void reserve(int bytes) {
        int needed = (Xxtea.encryptedLength(bytes) / 4 + 1) * LANES;
        if (rows.length < needed) {
            rows = new int[needed];
        }
    }
}
