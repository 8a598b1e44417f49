package zship.flow;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A recipe that is not built in: the same commands build, test, pack, publish and deploy it. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class RecipeIT extends FreshUser {
    static final Path RECIPE = Path.of(System.getProperty("zship.home"), "recipes", "mini-httpd");

    @Test
    void upServesItWithItsSecretAndSecondUpChangesNothing() throws IOException, InterruptedException {
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.createSymbolicLink(project.resolve("web"), RECIPE);
        Path file = Files.writeString(project.resolve("zship.toml"), """
                recipe = "./web/recipe.toml"
                [ports]
                %d = 8080
                """.formatted(port));
        assertThat(zship.ok("up", file.toString()).out()).contains("mini-httpd serves at http://127.0.0.1:" + port);
        assertThat(status(port, "/", "")).isEqualTo(200);
        assertThat(status(port, "/private/", "")).isEqualTo(401);
        String password = Files.readString(zship.state().resolve("secrets/mini-httpd/HTTPD_PASSWORD"));
        assertThat(status(port, "/private/", password)).isEqualTo(200);
        assertThat(zship.ok("up", file.toString()).out()).contains("is up to date");
        JsonNode shown = zship.ok("inspect", "mini-httpd", "--json").json();
        assertThat(shown.path("jobs").toString()).contains("\"httpd\"");

        zship.ok("redeploy", "mini-httpd", "-e", "HTTPD_PASSWORD=another");
        assertThat(status(port, "/private/", password)).isEqualTo(401);
        assertThat(status(port, "/private/", "another")).isEqualTo(200);
    }

    @Test
    void testStartsTheRootBeforeItIsArchived() throws IOException, InterruptedException {
        List<JsonNode> events = zship.ok("build", RECIPE.toString(), "--test", "--json").out().lines()
                .map(JsonMapper.shared()::readTree).toList();
        JsonNode tested = events.stream().filter(it -> it.path("event").asString().equals("tested")).findFirst()
                .orElseThrow();
        assertThat(tested.path("port").asInt()).isEqualTo(8080);
        assertThat(tested.path("path").asString()).isEqualTo("/");
        assertThat(tested.path("secrets").toString()).isEqualTo("[\"HTTPD_PASSWORD\"]");

        Zship.Run open = zship.run("build", RECIPE.toString(), "--test", "--set", "health.logins.0.path=/");
        assertThat(open.code()).as(open.err()).isEqualTo(1);
        assertThat(open.err()).contains("it answers with status 200 instead of 401 to GET / of the user admin with "
                + "another password than that of HTTPD_PASSWORD");

        Zship.Run silent = zship.run("build", RECIPE.toString(), "--test", "--set",
                "services.httpd.command=/bin/mini_httpd", "--set", "services.httpd.arguments=[\"-V\"]");
        assertThat(silent.code()).as(silent.err()).isEqualTo(1);
        assertThat(silent.err()).contains("cannot test the root of mini-httpd",
                "it ended before it answered on port 8080 at /", "mini_httpd/1.30", "logs/test.log");
    }

    @Test
    void slipInARecipeIsNamedWithItsLine() throws IOException, InterruptedException {
        Path file = folder.resolve("own.toml");
        List<String> lines = Files.readAllLines(RECIPE.resolve("recipe.toml"));
        int line = lines.indexOf("[health]") + 2;
        lines.set(line - 1, "prot = 8080");
        Files.write(file, lines);
        Zship.Run run = zship.run("build", file.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("""
                error: cannot read recipe %s
                  unknown key 'prot' (line %d)
                  hint: did you mean 'port'?
                """.formatted(file, line));
        assertThat(zship.run("build", RECIPE.toString(), "--set", "health.prot=1").err())
                .contains("unknown key 'prot' (after --set health.prot)", "did you mean 'port'?");
    }

    /** The status of a page, asked for with a password of the user admin or without one. */
    static int status(int port, String path, String password) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!password.isEmpty()) {
            request.header("Authorization", "Basic " + Base64.getEncoder()
                    .encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8)));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
