package zship.builder.step;

import java.util.List;

import org.junit.jupiter.api.Test;

import zship.builder.recipe.RecipeDefinition.Service;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link StartupFile}. */
class StartupFileTest {

    @Test
    void renderWhenThereAreTwoServicesWritesTablesWithoutDottedKeys() {
        List<Service> services = List.of(new Service("icecast", "/bin/launcher", List.of(), 3),
                new Service("log", "/bin/log", List.of("-a", "say \"hi\" \\o"), 0));
        assertThat(StartupFile.render(services)).isEqualTo("""
                [startup.icecast]
                name = "core.system"
                max_restart = 3

                [startup.icecast.args]
                name = "/bin/launcher"

                [startup.log]
                name = "core.system"
                max_restart = 0

                [startup.log.args]
                name = "/bin/log"
                args = ["-a", "say \\"hi\\" \\\\o"]
                """);
    }
}
