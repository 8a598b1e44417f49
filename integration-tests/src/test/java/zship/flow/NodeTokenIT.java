package zship.flow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A node that belongs to an organisation: its token comes from a file, a variable or the standard input, and is not shown. */
class NodeTokenIT {
    @TempDir
    Path folder;

    private Zship zship = new Zship(Path.of(""), Path.of(""));

    @AfterEach
    void stop() throws IOException, InterruptedException {
        zship.close();
    }

    @Test
    void tokenIsTakenFromWhereTheUserSays() throws IOException, InterruptedException, GeneralSecurityException {
        zship = new Zship(folder.resolve("home"), folder.resolve("cache"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPair keys = generator.generateKeyPair();
        Path key = Files.writeString(folder.resolve("key.pem"), "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n");
        String good = token(keys, 4_102_444_800L);
        Path file = Files.writeString(folder.resolve("token"), good + "\n");
        String old = token(keys, 1_500_000_000L);
        zship.ok("node", "start", "--jwt-key", key.toString(), "--organization", "radio");

        Zship.Run without = zship.run("ps");
        assertThat(without.code()).isEqualTo(5);
        assertThat(without.err()).contains("--node-token");
        zship.ok("ps", "--node-token", "file:" + file);
        zship.with("MY_TOKEN", good).ok("ps", "--node-token", "env:MY_TOKEN");
        assertThat(piped(good)).isZero();
        zship.with("ZSHIP_NODE_TOKEN_FILE", file.toString()).ok("ps");
        Zship.Run expired = zship.with("MY_TOKEN", old).run("ps", "--node-token", "env:MY_TOKEN", "--debug");
        assertThat(expired.code()).isEqualTo(5);
        assertThat(expired.out() + expired.err()).contains("it expired at 2017-07-14").doesNotContain(old);
        Path project = zship.home().resolve("zship.toml");
        Files.writeString(project, "[rollout]\ntoken = { file = \"" + file + "\" }\n");
        zship.with("ZSHIP_NODE_TOKEN_FILE", "").ok("ps");
    }

    private int piped(String token) throws IOException, InterruptedException {
        Process process = zship.start("ps", "--node-token", "stdin");
        process.getOutputStream().write(token.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        process.getInputStream().readAllBytes();
        process.getErrorStream().readAllBytes();
        return process.waitFor();
    }

    private static String token(KeyPair keys, long expiry) throws GeneralSecurityException {
        String signed = encode("{\"typ\":\"JWT\",\"alg\":\"ES384\"}") + "."
                + encode("{\"azp\":\"radio\",\"exp\":" + expiry + "}");
        Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
