package zship.deployer;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

import zship.flist.Secret;

/** Replaces secrets in texts that come from elsewhere, such as a service's output, by {@code ***}. */
public final class Redaction {

    private final List<String> values;

    /** A redaction of these secrets; empty ones are passed over. */
    public Redaction(Collection<Secret> secrets) {
        this.values = secrets.stream().map(Secret::expose).filter(v -> !v.isEmpty()).distinct()
                .sorted(Comparator.comparingInt(String::length).reversed()).toList();
    }

    /** The text without the secrets. */
    public String apply(String text) {
        String clean = text;
        for (String value : values) {
            clean = clean.replace(value, "***");
        }
        return clean;
    }
}
