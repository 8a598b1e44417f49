package zship.cli.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Optional;
import java.util.regex.Pattern;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.flist.Secret;
import zship.flist.disk.DiskFaults;

/**
 * The secrets of the deployed applications: one file of mode 0600 each, at {@code secrets/<app>/<NAME>} in the state
 * folder.
 */
public final class SecretStore {
    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static final int GENERATED_LENGTH = 24;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    private final Path folder;
    private final SecureRandom random;

    /**
     * Opens the store; folders are made when the first secret is kept.
     *
     * @param state the state folder
     * @param app the application's name
     * @param random where generated secrets come from
     */
    public SecretStore(Path state, String app, SecureRandom random) {
        this.folder = state.resolve("secrets").resolve(checked(app));
        this.random = random;
    }

    /**
     * Returns where the secrets are.
     *
     * @return the application's folder
     */
    public Path folder() {
        return folder;
    }

    /**
     * Returns a kept secret.
     *
     * @param name its name
     * @return the value, empty when none is kept
     */
    public Optional<Secret> find(String name) {
        try {
            return Optional.of(Secret.of(Files.readString(folder.resolve(checked(name)))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", name, e);
        }
    }

    /**
     * Makes a new random secret of 24 letters and digits (about 139 bits) and keeps it.
     *
     * @param name its name
     * @return the value
     */
    public Secret generate(String name) {
        StringBuilder value = new StringBuilder(GENERATED_LENGTH);
        for (int i = 0; i < GENERATED_LENGTH; i++) {
            value.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        Secret secret = Secret.of(value.toString());
        keep(name, secret);
        return secret;
    }

    /**
     * Keeps a secret, replacing an earlier value in one step.
     *
     * @param name its name
     * @param secret the value
     */
    public void keep(String name, Secret secret) {
        Path target = folder.resolve(checked(name));
        Path temporary = folder.resolve("." + name + ".new");
        try {
            Files.createDirectories(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.deleteIfExists(temporary);
            try (FileChannel file = FileChannel.open(temporary,
                    EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = ByteBuffer.wrap(secret.expose().getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                file.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed("keep", name, e);
        }
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new CliException(ExitCode.USAGE, "cannot use the name " + name,
                    "a name has letters, digits, '_', '.' and '-', at most 128", "choose another name");
        }
        return name;
    }

    private CliException failed(String verb, String name, IOException cause) {
        return new CliException(ExitCode.FAILED, "cannot " + verb + " secret " + name + " in " + folder,
                DiskFaults.reason(cause),
                "check the folder's owner and free space");
    }
}
