package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.localnode.process.Credentials;

import static org.assertj.core.api.Assertions.assertThat;

class SubordinateIdsTest {
    @TempDir
    private Path folder;
    private Path subuid;
    private Path subgid;

    @BeforeEach
    void files() throws IOException {
        subuid = folder.resolve("subuid");
        subgid = folder.resolve("subgid");
        Files.writeString(subuid, "anna:100000:65536\n1001:165536:60000\nbad line\nben:300000:6000\n");
        Files.writeString(subgid, "anna:100000:65536\nben:165536:65536\n");
    }

    private SubordinateIds ben() {
        return SubordinateIds.of("ben", 1001, subuid, subgid);
    }

    @Test
    void rangesOfNameAndNumberFollowOneAnotherAfterTheUserHimself() {
        Credentials user = new Credentials(1001, 1002);
        assertThat(SubordinateIds.userMap(user, ben())).containsExactly("0", "1001", "1", "1", "165536", "60000",
                "60001",
                "300000", "6000");
        assertThat(SubordinateIds.groupMap(user, ben())).containsExactly("0", "1002", "1", "1", "165536", "65536");
        assertThat(ben().suffice()).isTrue();
    }

    @Test
    void groupsAreNeededAsWellAsUsers() throws IOException {
        Files.writeString(subgid, "ben:165536:65533\n");
        assertThat(ben().suffice()).isFalse();
    }

    @Test
    void remedyGivesIdsThatNobodyHas() {
        assertThat(SubordinateIds.remedy("carl", subuid, subgid)).isEqualTo(
                "sudo usermod --add-subuids 306000-371535 --add-subgids 306000-371535 carl");
        assertThat(SubordinateIds.remedy("carl", folder.resolve("none"), folder.resolve("none")))
                .contains("--add-subuids 100000-165535 ");
    }

    @Test
    void userWithoutIdsIsToldWhatToDo() {
        Prerequisite found = new Prerequisites(Map.of(), false).ids(folder.resolve("none"), folder.resolve("none"));
        assertThat(found.problem().orElseThrow()).contains("fewer than 65534");
        assertThat(found.remedy()).startsWith("run: sudo usermod --add-subuids 100000-165535");
    }

    @Test
    void onlyUsersNeedTheProgramsOfSubordinateIds() {
        Map<String, String> nothing = Map.of("PATH", "/nonexistent");
        assertThat(new Prerequisites(nothing, false).missingPackages()).contains("uidmap", "runc")
                .doesNotHaveDuplicates();
        assertThat(new Prerequisites(nothing, true).missingPackages()).contains("runc").doesNotContain("uidmap");
    }
}
