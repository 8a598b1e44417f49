package zship.flow;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

import zship.loopback.FreePort;

import static org.assertj.core.api.Assertions.assertThat;

/** The launcher of the default root: every setting of the environment, read as it is meant or refused with its name. */
@TestInstance(Lifecycle.PER_CLASS)
class SettingsIT {
    private Path folder = Path.of("");
    private Path root = Path.of("");

    /** How the launcher ended and what it printed. */
    private record Run(int code, String out, String err) {

        Document configuration() throws Exception {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new InputSource(new StringReader(out)));
        }
    }

    @BeforeAll
    void build(@TempDir Path fresh) throws IOException, InterruptedException {
        folder = fresh;
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        root = BuiltRoots.unpack(zship.ok("build", "--json").json(), folder.resolve("root"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"ICECAST_SOURCE_PASSWORD,source-password,pw",
        "ICECAST_ADMIN_PASSWORD,admin-password,pw", "ICECAST_RELAY_PASSWORD,relay-password,pw",
        "ICECAST_PASSWORD,source-password,pw", "ICECAST_PASSWORD,admin-password,pw",
        "ICECAST_PASSWORD,relay-password,pw", "ICECAST_ADMIN_EMAIL,admin,me@example.org",
        "ICECAST_ADMIN,admin,me@example.org", "ICECAST_LOCATION,location,New/York & <Gent>",
        "ICECAST_HOSTNAME,hostname,radio.example.org", "ICECAST_HOSTNAME,hostname,10.0.0.1", "ICECAST_PORT,port,8080",
        "ICECAST_MAX_CLIENTS,clients,500", "ICECAST_MAX_SOURCES,sources,7", "ICECAST_BURST_SIZE,burst-size,0",
        "ICECAST_QUEUE_SIZE,queue-size,1000000", "ICECAST_SOURCE_TIMEOUT,source-timeout,11",
        "ICECAST_CLIENT_TIMEOUT,client-timeout,31", "ICECAST_HEADER_TIMEOUT,header-timeout,16",
        "ICECAST_CHARSET,charset,windows-1251", "ICECAST_YP_URL,yp-url,https://dir.example.org/yp?a=1&b=2",
        "ICECAST_LOGLEVEL,loglevel,4", "ICECAST_MOUNT,mount-name,/live.ogg", "ICECAST_TLS_CERT,ssl-certificate,/c.pem"})
    void settingIsInTheConfiguration(String variable, String element, String value) throws Exception {
        Run run = print(Map.of(variable, value));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(texts(run.configuration(), element)).contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a&b", "a<b", "a\\b", "a--b", "a\"b", "ä", "]]>", "a'b", "$(id)", "{NAME}", " a ",
        "%s"})
    void passwordIsReadAsItIs(String password) throws Exception {
        Run run = print(Map.of("ICECAST_SOURCE_PASSWORD", password));
        assertThat(texts(run.configuration(), "source-password")).containsExactly(password);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"ICECAST_SOURCE_PASSWORD,hackme", "ICECAST_ADMIN_PASSWORD,hackme",
        "ICECAST_RELAY_PASSWORD,hackme", "ICECAST_PASSWORD,hackme", "ICECAST_SOURCE_PASSWORD,``",
        "ICECAST_ADMIN_USERNAME,a:b", "ICECAST_LOCATION,-", "ICECAST_LOCATION,1.", "ICECAST_ADMIN,-",
        "ICECAST_HOSTNAME,http://radio", "ICECAST_HOSTNAME,radio:8000", "ICECAST_HOSTNAME,1.", "ICECAST_PORT,0",
        "ICECAST_PORT,65536", "ICECAST_PORT,abc", "ICECAST_PORT,`8000 `", "ICECAST_MAX_CLIENTS,0",
        "ICECAST_MAX_CLIENTS,-5", "ICECAST_MAX_SOURCES,100001", "ICECAST_BURST_SIZE,9999999999999999999",
        "ICECAST_BURST_SIZE,600000", "ICECAST_SOURCE_TIMEOUT,1.5", "ICECAST_CHARSET,utf 8", "ICECAST_YP_URL,ftp://x",
        "ICECAST_LOGLEVEL,5", "ICECAST_MOUNT,live", "ICECAST_TLS_CERT,cert.pem",
        "ICECAST_SOURCE_PASSWORD_FILE,/nonexistent"})
    void wrongValueIsRefusedWithItsName(String variable, String value) throws IOException, InterruptedException {
        Run run = print(Map.of(variable, value));
        assertThat(run.code()).isEqualTo(78);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("launcher: " + variable + " ").contains("Icecast is not started");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException, InterruptedException {
        for (String value : List.of("printf '\\377'", "printf 'a\\nb'", "printf 'a\\302\\200b'",
                "printf '\\355\\240\\200'",
                "head -c 257 /dev/zero | tr '\\0' a")) {
            Run run = run(Map.of(), "sh", "-c", "ICECAST_LOCATION=\"$(%s)\" exec \"$0\" --print".formatted(value),
                    launcher());
            assertThat(run.code()).as(value).isEqualTo(78);
            assertThat(run.err()).contains("ICECAST_LOCATION");
        }
    }

    @Test
    void secretOfAFileIsReadWithoutItsLineEnd() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "from a file\n");
        Run run = print(Map.of("ICECAST_SOURCE_PASSWORD_FILE", secret.toString()));
        assertThat(texts(run.configuration(), "source-password")).containsExactly("from a file");
        Run both = print(Map.of("ICECAST_SOURCE_PASSWORD_FILE", secret.toString(), "ICECAST_SOURCE_PASSWORD", "x"));
        assertThat(both.code()).isEqualTo(78);
        assertThat(both.err()).contains("ICECAST_SOURCE_PASSWORD_FILE are both set");
    }

    @Test
    void nothingIsSetGivesDefaultsWithoutAnyPassword() throws Exception {
        Document configuration = print(Map.of()).configuration();
        assertThat(texts(configuration, "port")).containsExactly("8000");
        assertThat(texts(configuration, "clients")).containsExactly("100");
        assertThat(((Element) configuration.getElementsByTagName("authentication").item(0))
                .getElementsByTagName("*").getLength()).isZero();
        assertThat(texts(configuration, "accesslog")).containsExactly("-");
    }

    @Test
    void wrongSecretIsNeverPrinted() throws IOException, InterruptedException {
        Run run = print(Map.of("ICECAST_SOURCE_PASSWORD", "canary\u0007", "ICECAST_PORT", "x"));
        assertThat(run.code()).isEqualTo(78);
        assertThat(run.err()).doesNotContain("canary").contains("2 faults");
    }

    @Test
    void misspeltNameIsTold() throws IOException, InterruptedException {
        assertThat(print(Map.of("ICECAST_PASWORD", "x")).err()).contains("ICECAST_PASWORD is not a setting");
    }

    @Test
    void configurationCanBeReadByTheServiceOnlyAndIsNewAtEachStart() throws Exception {
        Path run = Files.createDirectories(root.resolve("run"));
        for (String location : List.of("first", "second")) {
            ProcessBuilder builder = new ProcessBuilder("chroot", root.toString(), "/bin/launcher")
                    .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
            builder.environment().put("ICECAST_LOCATION", location);
            builder.environment().put("ICECAST_PORT", String.valueOf(FreePort.choose()));
            Process launcher = builder.start();
            Path file = run.resolve("icecast.xml");
            while (!Files.exists(file) || !Files.readString(file).contains(location)) {
                assertThat(launcher.waitFor(50, TimeUnit.MILLISECONDS)).as("ended early").isFalse();
            }
            assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100600);
            assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(1000);
            launcher.destroy();
            assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static List<String> texts(Document document, String element) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < document.getElementsByTagName(element).getLength(); i++) {
            texts.add(document.getElementsByTagName(element).item(i).getTextContent());
        }
        return texts;
    }

    private String launcher() {
        return root.resolve("bin/launcher").toString();
    }

    private Run print(Map<String, String> environment) throws IOException, InterruptedException {
        return run(environment, launcher(), "--print");
    }

    private static Run run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("ICECAST_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, err);
    }
}
