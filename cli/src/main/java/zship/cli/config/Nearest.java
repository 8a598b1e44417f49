package zship.cli.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word a user probably meant. */
public final class Nearest {

    private Nearest() {
    }

    /**
     * Returns the candidate with the smallest edit distance, when it is close enough to be a slip.
     *
     * @param word what was typed
     * @param candidates what would have been right
     * @return the nearest candidate, empty when none is near
     */
    public static Optional<String> to(String word, Collection<String> candidates) {
        int limit = Math.max(1, word.length() / 3 + 1);
        return candidates.stream().filter(candidate -> distance(word, candidate) <= limit)
                .min(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
