package zship.flist.chunk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Many messages at once, in the lanes of vectors; what does not fill them goes one by one. */
final class VectorKernels implements Kernels {
    /** The part of the lanes that must be busy for vectors to pay. */
    private static final double PAYING = 0.2;

    private final PlainKernels plain = new PlainKernels();
    private final VectorXxtea xxtea = new VectorXxtea();
    private final VectorBlake2b blake2b = new VectorBlake2b();

    @Override
    public byte[][] hash128(List<Slice> messages) {
        byte[][] digests = new byte[messages.size()][];
        int[] order = longestFirst(messages.stream().mapToInt(Slice::length).toArray());
        for (int from = 0; from < order.length; from += VectorBlake2b.LANES) {
            int to = Math.min(order.length, from + VectorBlake2b.LANES);
            List<Slice> group = IntStream.range(from, to).mapToObj(i -> messages.get(order[i])).toList();
            byte[][] some = group.size() < VectorBlake2b.FEWEST ? plain.hash128(group) : blake2b.hash128(group);
            for (int i = from; i < to; i++) {
                digests[order[i]] = some[i - from];
            }
        }
        return digests;
    }

    @Override
    public byte[][] encrypt(List<Slice> messages, List<byte[]> keys) {
        byte[][] ciphers = new byte[messages.size()][];
        int[] words = messages.stream().mapToInt(message -> Xxtea.encryptedLength(message.length()) / 4).toArray();
        for (int[] group : groups(words)) {
            List<Slice> some = pick(messages, group);
            if (group.length == 1) {
                ciphers[group[0]] = plain.encrypt(some.getFirst(), keys.get(group[0]));
            } else {
                List<byte[]> results = xxtea.encrypt(some, pick(keys, group));
                for (int i = 0; i < group.length; i++) {
                    ciphers[group[i]] = results.get(i);
                }
            }
        }
        return ciphers;
    }

    @Override
    public int[] decrypt(List<Slice> ciphers, List<Slice> targets, List<byte[]> keys) {
        int[] lengths = new int[ciphers.size()];
        int[] words = ciphers.stream()
                .mapToInt(cipher -> Xxtea.isCipherLength(cipher.length()) ? cipher.length() / 4 : 0)
                .toArray();
        for (int[] group : groups(words)) {
            if (group.length == 1) {
                lengths[group[0]] = plain.decrypt(ciphers.get(group[0]), targets.get(group[0]), keys.get(group[0]));
            } else {
                xxtea.decrypt(pick(ciphers, group), pick(targets, group), pick(keys, group));
                for (int i : group) {
                    lengths[i] = Xxtea.plainLength(targets.get(i));
                }
            }
        }
        return lengths;
    }

    /** Indices that belong together, the longest first; alone where a message has no company of its size. */
    private static List<int[]> groups(int[] words) {
        List<int[]> groups = new ArrayList<>();
        int[] order = longestFirst(words);
        int from = 0;
        while (from < order.length) {
            int to = from;
            long used = 0;
            while (to < order.length && to - from < VectorXxtea.LANES
                    && words[order[to]] >= VectorXxtea.FEWEST_WORDS) {
                used += words[order[to++]];
            }
            boolean pays = to - from > 1 && used > PAYING * VectorXxtea.LANES * words[order[from]];
            int end = pays ? to : from + 1;
            groups.add(IntStream.range(from, end).map(i -> order[i]).toArray());
            from = end;
        }
        return groups;
    }

    private static int[] longestFirst(int[] lengths) {
        return IntStream.range(0, lengths.length).boxed()
                .sorted(Comparator.comparingInt((Integer i) -> lengths[i]).reversed()).mapToInt(i -> i).toArray();
    }

    private static <T> List<T> pick(List<T> items, int[] indices) {
        return IntStream.of(indices).mapToObj(items::get).toList();
    }
}
