package zship.localnode.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns texts of Linux's {@code /proc} into the lists that 0-core gives out; names and order of fields are measured. */
final class MachineFacts {

    private MachineFacts() {
    }

    /** {@code /proc/cpuinfo} as one entry per processor; {@code cacheSize} is in KiB. */
    static ArrayNode processors(String cpuinfo) {
        ArrayNode list = GoJson.nodes().arrayNode();
        for (String block : cpuinfo.strip().split("\n\\s*\n")) {
            Map<String, String> facts = fields(block);
            if (facts.containsKey("processor")) {
                processor(list.addObject(), facts);
            }
        }
        return list;
    }

    private static void processor(ObjectNode json, Map<String, String> facts) {
        json.put("cpu", (long) number(facts, "processor")).put("vendorId", facts.getOrDefault("vendor_id", ""));
        json.put("family", facts.getOrDefault("cpu family", "")).put("model", facts.getOrDefault("model", ""));
        json.put("stepping", (long) number(facts, "stepping"));
        json.put("physicalId", facts.getOrDefault("physical id", ""));
        json.put("coreId", facts.getOrDefault("core id", "")).put("cores", 1);
        json.put("modelName", facts.getOrDefault("model name", "")).put("mhz", number(facts, "cpu MHz"));
        json.put("cacheSize", (long) number(facts, "cache size"));
        ArrayNode flags = json.putArray("flags");
        List.of(facts.getOrDefault("flags", "").split("\\s+")).stream().filter(flag -> !flag.isEmpty())
                .forEach(flags::add);
        json.put("microcode", facts.getOrDefault("microcode", ""));
    }

    /** {@code /proc/meminfo} in bytes. */
    static ObjectNode memory(String meminfo) {
        Map<String, String> facts = fields(meminfo);
        long total = bytes(facts, "MemTotal");
        long available = bytes(facts, "MemAvailable");
        long used = total - available;
        ObjectNode json = GoJson.object().put("total", total).put("available", available).put("used", used);
        json.put("usedPercent", total == 0 ? 0 : used * 100.0 / total).put("free", bytes(facts, "MemFree"));
        json.put("active", bytes(facts, "Active")).put("inactive", bytes(facts, "Inactive")).put("wired", 0);
        json.put("buffers", bytes(facts, "Buffers")).put("cached", bytes(facts, "Cached"));
        json.put("writeback", bytes(facts, "Writeback")).put("dirty", bytes(facts, "Dirty"));
        json.put("writebacktmp", bytes(facts, "WritebackTmp")).put("shared", bytes(facts, "Shmem"));
        json.put("slab", bytes(facts, "Slab")).put("pagetables", bytes(facts, "PageTables"));
        return json.put("swapcached", bytes(facts, "SwapCached"));
    }

    /** A table of mounts, reduced to file systems on devices, which {@code /proc/filesystems} tells from the others. */
    static ArrayNode disks(String mounts, String filesystems) {
        Set<String> real = filesystems.lines().filter(line -> !line.startsWith("nodev")).map(String::strip)
                .collect(Collectors.toSet());
        ArrayNode list = GoJson.nodes().arrayNode();
        for (String line : mounts.lines().toList()) {
            String[] columns = line.split(" ");
            if (columns.length >= 4 && real.contains(columns[2]) && !columns[0].equals("none")) {
                list.addObject().put("device", columns[0]).put("mountpoint", columns[1].replace("\\040", " "))
                        .put("fstype", columns[2]).put("opts", columns[3]);
            }
        }
        return list;
    }

    /** The distribution's short name in {@code /etc/os-release}; empty when it is not there. */
    static String distribution(String release) {
        return release.lines().filter(line -> line.startsWith("ID=")).findFirst()
                .map(line -> line.substring(3).replace("\"", "")).orElse("");
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> facts = new HashMap<>();
        for (String line : text.lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                facts.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            }
        }
        return facts;
    }

    private static long bytes(Map<String, String> facts, String name) {
        return (long) number(facts, name) * 1024;
    }

    private static double number(Map<String, String> facts, String name) {
        String first = facts.getOrDefault(name, "0").split(" ")[0];
        return first.matches("[0-9]{1,15}(\\.[0-9]{1,9})?") ? Double.parseDouble(first) : 0;
    }
}
