package zship.cli.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.cli.failure.CliException;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SecretStoreTest {
    @TempDir
    Path state;

    private SecretStore store;

    @BeforeEach
    void open() {
        store = new SecretStore(state, "icecast2", new SecureRandom());
    }

    @Test
    void generatedSecretIsKeptForItsOwnerOnly() throws IOException {
        Secret secret = store.generate("ICECAST_SOURCE_PASSWORD");
        Path file = store.folder().resolve("ICECAST_SOURCE_PASSWORD");
        assertThat(secret.expose()).matches("[A-Za-z0-9]{24}");
        assertThat(store.find("ICECAST_SOURCE_PASSWORD")).contains(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store.folder()))).isEqualTo("rwx------");
    }

    @Test
    void keptSecretReplacesTheOldOneExactly() {
        store.generate("A");
        store.keep("A", Secret.of("a/b & <c> \"ü\" "));
        assertThat(store.find("A").orElseThrow().expose()).isEqualTo("a/b & <c> \"ü\" ");
        assertThat(store.folder()).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void unknownSecretIsEmpty() {
        assertThat(store.find("NONE")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", "", ".hidden", "a\nb"})
    void nameThatLeavesTheFolderIsRefused(String name) {
        assertThatThrownBy(() -> store.find(name)).isInstanceOf(CliException.class);
    }

    @Test
    void sourcesGiveTheValueWithoutItsLineEnd() throws IOException {
        Path file = Files.writeString(state.resolve("s"), "pass word\n");
        InputStream input = new ByteArrayInputStream("from stdin\r\n".getBytes(StandardCharsets.UTF_8));
        Map<String, String> environment = Map.of("RADIO", "from env");
        assertThat(SecretSource.of("file:" + file).read("S", environment, input).expose()).isEqualTo("pass word");
        assertThat(SecretSource.of("env:RADIO").read("S", environment, input).expose()).isEqualTo("from env");
        assertThat(SecretSource.of("stdin").read("S", environment, input).expose()).isEqualTo("from stdin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:", "env:", "canary-88", "http://x"})
    void otherSourceIsRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> SecretSource.of(text)).isInstanceOfSatisfying(CliException.class,
                e -> assertThat(e.failure().toString()).doesNotContain("canary-88").contains("env:NAME"));
    }

    @Test
    void emptySecretIsRefused() {
        assertThatThrownBy(() -> SecretSource.of("env:NONE").read("S", Map.of(), InputStream.nullInputStream()))
                .isInstanceOfSatisfying(CliException.class, e -> assertThat(e.failure().code()).isEqualTo(2));
    }
}
