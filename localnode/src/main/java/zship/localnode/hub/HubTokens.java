package zship.localnode.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;

import zship.flist.Secret;

/**
 * The tokens of a hub, in a text file with one line each: SHA-256 of the token, the second since 1970 when it ends, and the
 * users it may act as, the first being its own. The tokens themselves are kept nowhere.
 */
public final class HubTokens implements HubAccess {

    private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S{1,4096})");
    private static final Pattern ACTIVE_USER = Pattern.compile("(?:^|; *)active-user=([^;]*)");
    private static final int TOKEN_BYTES = 32;
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    /** A lock of a file is one between processes only. */
    private static final Object ISSUING = new Object();

    private final Path file;
    private final Clock clock;

    private record Grant(String digest, long until, List<String> users) {
        static Optional<Grant> of(String line) {
            String[] fields = line.strip().split(" ");
            return fields.length == 3 && fields[1].matches("\\d{1,12}")
                    ? Optional.of(new Grant(fields[0], Long.parseLong(fields[1]), List.of(fields[2].split(","))))
                    : Optional.empty();
        }

        String line() {
            return digest + " " + until + " " + String.join(",", users);
        }
    }

    /** The tokens in {@code file}, which is read for every request; there are none while it does not exist. */
    public HubTokens(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * Makes a token and forgets those that have ended. Others that make one meanwhile wait.
     *
     * @param users as whom it may change something; the first is its own
     * @throws IOException when the file cannot be written
     * @throws IllegalArgumentException when a name is none of a user
     */
    public Secret issue(List<String> users, Duration validity) throws IOException {
        users.stream().filter(user -> !FlistName.isUser(user)).findAny().ifPresent(user -> {
            throw new IllegalArgumentException(user);
        });
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = "zship." + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path lock = file.toAbsolutePath().resolveSibling(file.getFileName() + ".lock");
        synchronized (ISSUING) {
            try (FileChannel channel = FileChannel.open(lock,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PRIVATE); FileLock held = channel.lock()) {
                add(new Grant(digest(token), clock.instant().plus(validity).getEpochSecond(), users));
            }
        }
        return Secret.of(token);
    }

    /** Only under the lock: the file is read and replaced. */
    private void add(Grant grant) throws IOException {
        Instant now = clock.instant();
        List<String> lines = new ArrayList<>();
        grants().stream().filter(old -> old.until > now.getEpochSecond()).map(Grant::line).forEach(lines::add);
        lines.add(grant.line());
        Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), ".tokens-", "", PRIVATE);
        try {
            Files.write(temporary, lines, StandardCharsets.UTF_8, StandardOpenOption.SYNC);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    @Override
    public String user(HttpExchange exchange) throws HubRefusal {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null) {
            throw new HubRefusal(401, "no authorization provided");
        }
        Matcher bearer = BEARER.matcher(header);
        if (!bearer.matches()) {
            throw new HubRefusal(401, "invalid authorization header");
        }
        Grant grant = grant(bearer.group(1));
        Optional<String> wanted = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Cookie"))
                .map(ACTIVE_USER::matcher).filter(Matcher::find).map(found -> found.group(1));
        if (wanted.isPresent() && !grant.users.contains(wanted.get())) {
            throw new HubRefusal(403, "this token may not act as another user");
        }
        return wanted.orElse(grant.users.getFirst());
    }

    private Grant grant(String token) throws HubRefusal {
        String digest = digest(token);
        try {
            Grant grant = grants().stream().filter(it -> it.digest.equals(digest)).findFirst()
                    .orElseThrow(() -> new HubRefusal(401, "invalid token"));
            if (grant.until <= clock.instant().getEpochSecond()) {
                throw new HubRefusal(401, "the token has expired");
            }
            return grant;
        } catch (IOException unreadable) {
            throw new HubRefusal(503, "the tokens cannot be read");
        }
    }

    private List<Grant> grants() throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(Grant::of).flatMap(Optional::stream).toList()
                : List.of();
    }

    private static String digest(String token) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
