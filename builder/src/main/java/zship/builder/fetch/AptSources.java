package zship.builder.fetch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The package mirrors that a host is set up for, read from both formats of sources.list(5) and written in one of them.
 * Keys and the other trust settings are taken over as they are.
 *
 * @param stanzas the fields of each entry, by their capitalised names
 */
public record AptSources(List<Map<String, String>> stanzas) {

    private static final List<String> KEPT = List.of("URIs", "Suites", "Components", "Signed-By", "Trusted",
            "Check-Valid-Until");
    private static final Pattern ONE_LINE = Pattern
            .compile("deb(?:-src)?\\s+(?:\\[\\s*([^]]*?)\\s*]\\s+)?(\\S+)\\s+(\\S+)\\s*(.*)");

    /** Copies the entries and drops those that occur twice. */
    public AptSources {
        stanzas = stanzas.stream().map(stanza -> Map.copyOf(stanza)).distinct().toList();
    }

    /** Reads {@code sources.list} and {@code sources.list.d} in {@code folder}, usually {@code /etc/apt}. */
    public static AptSources read(Path folder) throws IOException {
        List<Map<String, String>> stanzas = new ArrayList<>();
        Path list = folder.resolve("sources.list");
        if (Files.isRegularFile(list)) {
            stanzas.addAll(parseOneLine(Files.readString(list, StandardCharsets.UTF_8)));
        }
        Path parts = folder.resolve("sources.list.d");
        if (Files.isDirectory(parts)) {
            for (Path file : sorted(parts)) {
                String text = Files.readString(file, StandardCharsets.UTF_8);
                stanzas.addAll(file.toString().endsWith(".sources") ? parseStanzas(text) : parseOneLine(text));
            }
        }
        return new AptSources(stanzas);
    }

    private static List<Path> sorted(Path parts) throws IOException {
        TreeSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parts, "*.{list,sources}")) {
            found.forEach(files::add);
        }
        return List.copyOf(files);
    }

    /** Parses lines such as {@code deb [signed-by=/key.gpg] http://mirror/debian stable main}. */
    static List<Map<String, String>> parseOneLine(String text) {
        List<Map<String, String>> stanzas = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher matcher = ONE_LINE.matcher(line.replaceFirst("#.*", "").strip());
            if (matcher.matches()) {
                Map<String, String> fields = new LinkedHashMap<>();
                fields.put("URIs", matcher.group(2));
                fields.put("Suites", matcher.group(3));
                fields.put("Components", matcher.group(4).strip());
                addOptions(matcher.group(1) == null ? "" : matcher.group(1), fields);
                stanzas.add(keep(fields));
            }
        }
        return stanzas;
    }

    private static void addOptions(String options, Map<String, String> fields) {
        for (String option : options.split("\\s+")) {
            String[] pair = option.split("=", 2);
            if (pair.length == 2) {
                KEPT.stream().filter(pair[0]::equalsIgnoreCase).findFirst()
                        .ifPresent(name -> fields.put(name, pair[1]));
            }
        }
    }

    /** Parses blocks of {@code Name: value} lines, whose values go on in lines that begin with a space. */
    static List<Map<String, String>> parseStanzas(String text) {
        List<Map<String, String>> stanzas = new ArrayList<>();
        String withoutComments = text.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n"));
        for (String block : withoutComments.split("\\n\\s*\\n")) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (String field : block.strip().split("\\n(?=\\S)")) {
                String[] pair = field.split(":", 2);
                if (pair.length == 2) {
                    fields.put(pair[0].strip(), pair[1].strip());
                }
            }
            boolean enabled = !fields.getOrDefault("Enabled", "yes").matches("(?i)no|false|0|off");
            if (enabled && fields.getOrDefault("Types", "").contains("deb") && fields.containsKey("URIs")) {
                stanzas.add(keep(fields));
            }
        }
        return stanzas;
    }

    private static Map<String, String> keep(Map<String, String> fields) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            KEPT.stream().filter(field.getKey()::equalsIgnoreCase).findFirst()
                    .ifPresent(name -> kept.put(name, field.getValue()));
        }
        return kept;
    }

    /**
     * Returns the entries of Debian's own archive, told by the keyring that they name; all entries when none does. What
     * others offer under the same names must not get into a build.
     */
    public AptSources debianOnly() {
        List<Map<String, String>> debian = stanzas.stream()
                .filter(stanza -> stanza.getOrDefault("Signed-By", "").contains("debian-archive")).toList();
        return debian.isEmpty() ? this : new AptSources(debian);
    }

    /** Returns the addresses of the mirrors, each once, without a slash at the end. */
    public List<String> mirrors() {
        return stanzas.stream().flatMap(stanza -> Stream.of(stanza.getOrDefault("URIs", "").split("\\s+")))
                .filter(uri -> uri.matches("https?://.+")).map(uri -> uri.replaceFirst("/+$", "")).distinct().toList();
    }

    /** Returns the mirrors as a list of binary packages, in the format of {@code *.sources} files. */
    public String binaryPackages() {
        StringBuilder text = new StringBuilder();
        for (Map<String, String> stanza : stanzas) {
            text.append("Types: deb\n");
            for (String name : KEPT) {
                String value = stanza.getOrDefault(name, "");
                if (!value.isEmpty()) {
                    text.append("%s: %s\n".formatted(name, value.contains("\n") ? "\n " + value : value));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }
}
