package zship.flist.chunk;

import java.util.Arrays;
import java.util.List;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * BLAKE2b-128 of several messages at once, one in each lane of the vectors. Messages of any lengths may be mixed: a lane ends
 * with its message, and the last ones are hashed one by one when too few lanes are left.
 */
final class VectorBlake2b {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    /** With fewer lanes in use, one message after the other is faster. */
    static final int FEWEST = LANES / 3 + 1;

    /** The four state words of the eight mixing steps of a round. */
    private static final byte[] MIXED = {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, //
        0, 5, 10, 15, 1, 6, 11, 12, 2, 7, 8, 13, 3, 4, 9, 14};
    private static final int STEPS = 8 * Blake2b.ROUNDS;
    private static final int STEP = 6;
    /** Places of what each mixing step uses: four state words and two message words. */
    private static final int[] PLACES = places();
    private static final long[] START = start();

    private final long[] state = new long[8 * LANES];
    private final long[] work = new long[16 * LANES];
    private final long[] message = new long[16 * LANES];

    /** Digests of at most {@link #LANES} messages, the longest first. */
    byte[][] hash128(List<Slice> messages) {
        byte[][] digests = new byte[messages.size()][];
        Slice[] lanes = new Slice[LANES];
        Arrays.fill(lanes, messages.getFirst());
        for (int i = 0; i < messages.size(); i++) {
            lanes[i] = messages.get(i);
        }
        System.arraycopy(START, 0, state, 0, START.length);
        int done = 0;
        for (int lane = messages.size() - 1; lane >= 0; lane--) {
            Slice shortest = messages.get(lane);
            if (lane + 1 >= FEWEST) {
                int end = Math.max(0, shortest.length() - 1) / Blake2b.BLOCK * Blake2b.BLOCK;
                compress(lanes, done, end);
                done = end;
            }
            digests[lane] = Blake2b.digest128(laneState(lane), shortest, done);
            lanes[lane] = lanes[0];
        }
        return digests;
    }

    private void compress(Slice[] lanes, int from, int to) {
        for (int at = from; at < to; at += Blake2b.BLOCK) {
            for (int lane = 0; lane < LANES; lane++) {
                load(lanes[lane].array(), lanes[lane].offset() + at, message, lane);
            }
            compressBlock(state, work, message, at + Blake2b.BLOCK);
        }
    }

    private static void load(byte[] input, int offset, long[] message, int lane) {
        for (int word = 0; word < 16; word++) {
            message[word * LANES + lane] = (long) Blake2b.LONG.get(input, offset + 8 * word);
        }
    }

    private static void compressBlock(long[] h, long[] v, long[] m, long counter) {
        System.arraycopy(h, 0, v, 0, 8 * LANES);
        for (int i = 0; i < 8; i++) {
            LongVector.broadcast(SPECIES, i == 4 ? Blake2b.iv(4) ^ counter : Blake2b.iv(i))
                    .intoArray(v, (8 + i) * LANES);
        }
        for (int step = 0; step < PLACES.length; step += STEP) {
            mix(v, m, PLACES, step);
        }
        for (int i = 0; i < 8 * LANES; i += LANES) {
            LongVector.fromArray(SPECIES, h, i)
                    .lanewise(VectorOperators.XOR, LongVector.fromArray(SPECIES, v, i))
                    .lanewise(VectorOperators.XOR, LongVector.fromArray(SPECIES, v, i + 8 * LANES)).intoArray(h, i);
        }
    }

    /** One mixing step. A whole round in one method would be too large for the compiler to keep vectors in registers. */
    private static void mix(long[] v, long[] m, int[] places, int step) {
        int ia = places[step];
        int ib = places[step + 1];
        int ic = places[step + 2];
        int id = places[step + 3];
        LongVector a = LongVector.fromArray(SPECIES, v, ia);
        LongVector b = LongVector.fromArray(SPECIES, v, ib);
        LongVector c = LongVector.fromArray(SPECIES, v, ic);
        LongVector d = LongVector.fromArray(SPECIES, v, id);
        a = a.add(b).add(LongVector.fromArray(SPECIES, m, places[step + 4]));
        d = rotated(d, a, 32);
        c = c.add(d);
        b = rotated(b, c, 24);
        a = a.add(b).add(LongVector.fromArray(SPECIES, m, places[step + 5]));
        d = rotated(d, a, 16);
        c = c.add(d);
        b = rotated(b, c, 63);
        a.intoArray(v, ia);
        b.intoArray(v, ib);
        c.intoArray(v, ic);
        d.intoArray(v, id);
    }

    private static LongVector rotated(LongVector a, LongVector b, int right) {
        return a.lanewise(VectorOperators.XOR, b).lanewise(VectorOperators.ROR, right);
    }

    private long[] laneState(int lane) {
        long[] h = new long[8];
        for (int i = 0; i < h.length; i++) {
            h[i] = state[i * LANES + lane];
        }
        return h;
    }

    private static int[] places() {
        int[] places = new int[STEPS * STEP];
        for (int i = 0; i < STEPS; i++) {
            for (int j = 0; j < 4; j++) {
                places[i * STEP + j] = MIXED[i % 8 * 4 + j] * LANES;
            }
            places[i * STEP + 4] = Blake2b.sigma(2 * i) * LANES;
            places[i * STEP + 5] = Blake2b.sigma(2 * i + 1) * LANES;
        }
        return places;
    }

    private static long[] start() {
        long[] start = new long[8 * LANES];
        long[] one = Blake2b.start(16);
        for (int i = 0; i < start.length; i++) {
            start[i] = one[i / LANES];
        }
        return start;
    }
}
