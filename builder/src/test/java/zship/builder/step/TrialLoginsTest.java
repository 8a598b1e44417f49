package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.builder.recipe.RecipeDefinition.Login;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link TrialLogins}. */
class TrialLoginsTest {

    private static final TrialLogins LOGINS = new TrialLogins(
            List.of(new Login("PUT", "/live", "source", "PASSWORD", 100, List.of("Expect: 100-continue"))));

    @TempDir
    private Path folder;

    @Test
    void writeMakesARequestWithTheRightPasswordAndOneWithAnother() throws IOException {
        LOGINS.write(folder, Map.of("PASSWORD", "secret"));
        assertThat(Files.readString(folder.resolve("login-000-right-100"))).isEqualTo("PUT /live HTTP/1.1\r\n"
                + "Host: localhost\r\nAuthorization: Basic c291cmNlOnNlY3JldA==\r\nExpect: 100-continue\r\n\r\n");
        assertThat(Files.readString(folder.resolve("login-000-wrong-401"))).contains("Basic c291cmNlOnNlY3JldDA=\r\n");
    }

    @Test
    void faultSaysWhichPasswordHadWhichAnswer() {
        assertThat(LOGINS.fault("login-000-right-100 401\n")).isEqualTo("it answers with status 401 instead of 100"
                + " to PUT /live of the user source with the password of PASSWORD");
        assertThat(LOGINS.fault("login-000-wrong-401 \n")).isEqualTo("it answers nothing instead of 401"
                + " to PUT /live of the user source with another password than that of PASSWORD");
    }
}
