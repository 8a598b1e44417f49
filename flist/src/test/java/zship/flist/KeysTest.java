package zship.flist;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import zship.flist.chunk.Blake2b;

import static org.assertj.core.api.Assertions.assertThat;

class KeysTest {
    private final JsonNode vectors = GoldenData.vectors();

    @Test
    void directoryKeyGivesRecordedValues() {
        for (JsonNode vector : vectors.get("directory_keys")) {
            byte[] path = vector.get("path").asString().getBytes(StandardCharsets.UTF_8);
            assertThat(HexFormat.of().formatHex(Blake2b.hash128(path))).isEqualTo(vector.get("key").asString());
            if (vector.has("in_golden")) {
                assertThat(TreeEncoder.directoryKey(TreePath.of(path))).isEqualTo(vector.get("key").asString());
            }
        }
    }

    @Test
    void aclKeyGivesRecordedValuesOfCurrentGeneration() {
        for (JsonNode vector : vectors.get("acl_keys")) {
            int mode = Integer.parseInt(vector.get("st_mode").asString(), 8) & 07777;
            Permissions permissions = new Permissions(vector.get("user").asString(), vector.get("group").asString(),
                    mode, vector.get("uid").asLong(), vector.get("gid").asLong());
            assertThat(TreeEncoder.aclKey(permissions)).isEqualTo(vector.get("current").get("key").asString());
        }
    }
}
