package zship.localnode.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import zship.localnode.job.Arguments;
import zship.localnode.job.Command;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Version 2, on files as its kernel interface shows them; version 1 is tested with the kernel. */
class ControlGroupsTest {
    @TempDir
    private Path mount;
    private ControlGroups groups;

    @BeforeEach
    void version2() throws IOException {
        Files.writeString(mount.resolve("cgroup.controllers"), "cpuset memory");
        Files.writeString(mount.resolve("cgroup.procs"), "");
        groups = groups("0::/");
    }

    private ControlGroups groups(String membership) {
        return ControlGroups.of(mount, List.of("4:memory:/of/version/1", membership), "zship-test-groups");
    }

    private void give(Path group) throws IOException {
        Files.createDirectories(group);
        Files.writeString(group.resolve("cgroup.procs"), "");
        Files.writeString(group.resolve("cgroup.subtree_control"), "");
    }

    private JsonNode run(String command, String arguments) throws CommandException, InterruptedException {
        return ControlGroupCommands.of(groups).get(command).run(new Arguments(
                Command.of("id", command, GoJson.read(arguments).orElseThrow()), "", CommandException.FAILED));
    }

    @Test
    void memoryLimitIsWrittenAsVersionTwoWantsIt() throws Exception {
        run("cgroup.ensure", "{\"subsystem\":\"memory\",\"name\":\"small\"}");
        Path group = mount.resolve("zship-test-groups/small");
        assertThat(mount.resolve("cgroup.subtree_control")).hasContent("+cpuset");
        Files.writeString(group.resolve("memory.max"), "max\n");
        Files.writeString(group.resolve("memory.swap.max"), "max\n");
        assertThat(run("cgroup.memory.spec", "{\"name\":\"small\"}").toString())
                .isEqualTo("{\"mem\":9223372036854771712,\"swap\":0}");
        run("cgroup.memory.spec", "{\"name\":\"small\",\"mem\":33554432,\"swap\":1048576}");
        assertThat(group.resolve("memory.max")).hasContent("33554432");
        assertThat(group.resolve("memory.swap.max")).hasContent("1048576");
        run("cgroup.reset", "{\"subsystem\":\"memory\",\"name\":\"small\"}");
        assertThat(group.resolve("memory.max")).hasContent("max");
    }

    @Test
    void processIsMovedByWritingItsNumber() throws Exception {
        run("cgroup.ensure", "{\"subsystem\":\"cpuset\",\"name\":\"few\"}");
        Files.writeString(mount.resolve("zship-test-groups/few/cgroup.procs"), "");
        run("cgroup.task-add", "{\"subsystem\":\"cpuset\",\"name\":\"few\",\"pid\":4711}");
        assertThat(run("cgroup.tasks", "{\"subsystem\":\"cpuset\",\"name\":\"few\"}").toString()).isEqualTo("[4711]");
        run("cgroup.task-remove", "{\"subsystem\":\"cpuset\",\"name\":\"few\",\"pid\":4711}");
        assertThat(mount.resolve("cgroup.procs")).hasContent("4711");
    }

    @Test
    void groupsAreMadeInTheHighestGroupThatWasDelegated() throws Exception {
        Path user = mount.resolve("user.slice/user-1000.slice/user@1000.service");
        Path session = user.resolve("app.slice/shell.scope");
        give(user);
        give(session);
        groups = groups("0::/user.slice/user-1000.slice/user@1000.service/app.slice/shell.scope");
        run("cgroup.ensure", "{\"subsystem\":\"memory\",\"name\":\"small\"}");
        Path group = user.resolve("zship-test-groups/small");
        assertThat(group).isDirectory();
        Files.writeString(group.resolve("cgroup.procs"), "4711\n");
        run("cgroup.task-remove", "{\"subsystem\":\"memory\",\"name\":\"small\",\"pid\":4711}");
        assertThat(session.resolve("cgroup.procs")).hasContent("4711");
    }

    @Test
    void membershipThatLeadsOutOfTheMountIsNotFollowed(@TempDir Path outside) throws Exception {
        assertThat(outside.getParent()).isEqualTo(mount.getParent());
        give(outside);
        groups = groups("0::/../" + outside.getFileName());
        run("cgroup.ensure", "{\"subsystem\":\"memory\",\"name\":\"small\"}");
        assertThat(mount.resolve("zship-test-groups/small")).isDirectory();
        assertThat(outside.resolve("zship-test-groups")).doesNotExist();
    }

    @Test
    void limitWithoutTheControllerIsRefused() throws Exception {
        run("cgroup.ensure", "{\"subsystem\":\"memory\",\"name\":\"small\"}");
        assertThatThrownBy(() -> run("cgroup.memory.spec", "{\"name\":\"small\",\"mem\":33554432}"))
                .isInstanceOf(CommandException.class).hasMessageContaining("memory cannot be limited in")
                .hasMessageContaining("controller");
    }

    @Test
    void nameThatIsAPathIsNoGroup() {
        assertThat(groups.find("memory", "../..")).isEmpty();
        assertThat(groups.find("../memory", "x")).isEmpty();
        assertThatThrownBy(() -> run("cgroup.ensure", "{\"subsystem\":\"memory\",\"name\":\"../escape\"}"))
                .isInstanceOf(CommandException.class).hasMessageContaining("invalid cgroup name");
        assertThat(mount.resolve("escape")).doesNotExist();
    }
}
