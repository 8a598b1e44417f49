package zship.builder.sbom;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bill of materials in CycloneDX 1.5 JSON. The same materials give the same bytes: its serial number is made of them
 * and its time is that of the build.
 *
 * @param root the service, first of all
 * @param parts everything else
 * @param time the time that is written into the root
 */
public record Bill(Material root, List<Material> parts, Instant time) {

    /** SPDX identifiers have no spaces and are shorter than this. */
    private static final String SPDX_SHAPE = "[A-Za-z0-9.+-]{1,64}";

    /** Copies the list. */
    public Bill {
        parts = List.copyOf(parts);
    }

    /** Writes the bill as JSON in UTF-8. */
    public byte[] json() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("timestamp", time.toString());
        metadata.put("component", component(root, "application"));
        Map<String, Object> bill = new LinkedHashMap<>();
        bill.put("bomFormat", "CycloneDX");
        bill.put("specVersion", "1.5");
        bill.put("serialNumber", "urn:uuid:"
                + UUID.nameUUIDFromBytes((root + "" + parts + time).getBytes(StandardCharsets.UTF_8)));
        bill.put("version", 1);
        bill.put("metadata", metadata);
        bill.put("components", parts.stream().map(part -> component(part, "library")).toList());
        String text = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(bill);
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> component(Material material, String type) {
        Map<String, Object> component = new LinkedHashMap<>();
        component.put("type", type);
        component.put("bom-ref", material.purl());
        component.put("name", material.name());
        component.put("version", material.version());
        component.put("description", material.why());
        // Not Map.of: its order differs from one run of the JVM to the next, and so would the bytes.
        Map<String, Object> hash = new LinkedHashMap<>();
        hash.put("alg", "SHA-256");
        hash.put("content", material.sha256());
        if (!material.sha256().isEmpty()) {
            component.put("hashes", List.of(hash));
        }
        List<Object> licences = new ArrayList<>();
        material.licences().forEach(licence -> licences.add(Map.of("license",
                Map.of(material.purl().startsWith("pkg:generic/") && licence.matches(SPDX_SHAPE) ? "id" : "name",
                        licence))));
        component.put("licenses", licences);
        component.put("purl", material.purl());
        return component;
    }
}
