package zship.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigCommandTest {
    @TempDir
    Path home;

    private Map<String, String> settings(Cli cli, String... arguments) throws IOException {
        String[] all = new String[arguments.length + 2];
        all[0] = "config";
        all[1] = "--json";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        Map<String, String> settings = new HashMap<>();
        for (JsonNode setting : cli.run(all).last().path("settings")) {
            settings.put(setting.path("key").asString(),
                    setting.path("value").asString() + " from " + setting.path("origin").asString());
        }
        return settings;
    }

    @Test
    void everyValueHasTheOriginThatWins() throws IOException {
        Path project = Files.writeString(home.resolve("my.toml"), """
                name = "radio"
                profile = "small"
                features = ["theora", "speex"]
                sh = "dash"
                node = "10.0.0.5:6379"
                hub = "https://project.example"
                [env]
                ICECAST_LOCATION = "Ghent"
                ICECAST_HOSTNAME = "project.example"
                """);
        Path user = Files.createDirectories(home.resolve(".config/zship"));
        Files.writeString(user.resolve("zship.toml"), """
                name = "mine"
                hub = "https://user.example"
                store = "zdb://user.example:9900"
                [env]
                ICECAST_LOCATION = "Bruges"
                ICECAST_LOGLEVEL = "4"
                [health]
                timeout = "45s"
                """);
        Cli cli = new Cli(home).with("ZSHIP_NODE", "10.0.0.6:6379").with("ZSHIP_STORE", "zdb://env.example:9900")
                .with("ZSHIP_SH", "busybox");

        Map<String, String> settings = settings(cli, project.toString(), "--store", "dir:///chunks", "-p", "80:8000",
                "-e", "ICECAST_HOSTNAME=flag.example", "--features", "none", "--ca-bundle", "own.pem");

        assertThat(settings).contains(Map.entry("store", "dir:///chunks from flag --store"),
                Map.entry("ports.80", "8000 from flag --port"),
                Map.entry("node", "10.0.0.6:6379 from environment ZSHIP_NODE"),
                Map.entry("hub", "https://project.example from ~/my.toml"), Map.entry("name", "radio from ~/my.toml"),
                Map.entry("health.timeout", "45s from ~/.config/zship/zship.toml"),
                Map.entry("recipe", "icecast from default"), Map.entry("profile", "small from ~/my.toml"),
                Map.entry("features", "none from flag --features"),
                Map.entry("sh", "busybox from environment ZSHIP_SH"),
                Map.entry("ca_bundle", "own.pem from flag --ca-bundle"),
                Map.entry("env.ICECAST_HOSTNAME", "flag.example from flag --env"),
                Map.entry("env.ICECAST_LOCATION", "Ghent from ~/my.toml"),
                Map.entry("env.ICECAST_LOGLEVEL", "4 from ~/.config/zship/zship.toml"),
                Map.entry("folder.config", "~/.config/zship from default"));
    }

    @Test
    void secretsAreShownAsWhereTheyAre() throws IOException {
        Path project = Files.writeString(home.resolve("my.toml"), """
                store = "zdb://:canary@store.example:9900"
                [env]
                ICECAST_RELAY_PASSWORD = "canary"
                [secrets]
                ICECAST_SOURCE_PASSWORD = { file = "secrets/source" }
                ICECAST_ADMIN_PASSWORD = { env = "RADIO_ADMIN" }
                """);
        Cli cli = new Cli(home).with("RADIO_ADMIN", "canary");

        Cli.Run run = cli.run("config", project.toString(), "-e", "ICECAST_SOURCE_PASSWORD=canary");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("zdb://***@store.example:9900", "file:~/secrets/source", "env:RADIO_ADMIN")
                .doesNotContain("canary");
    }

    @Test
    void unknownKeyNamesItsLineAndTheNearestKey() throws IOException {
        Path project = Files.writeString(home.resolve("my.toml"), "name = \"radio\"\n\nnodee = \"local\"\n");

        Cli.Run run = new Cli(home).run("config", project.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("""
                error: unknown key nodee
                  %s line 3
                  hint: did you mean node?
                """.formatted(project));
    }
}
