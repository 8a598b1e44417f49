package zship.builder.step;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import zship.builder.recipe.RecipeDefinition.Login;

/**
 * The logins of a recipe, each tried with the right password and with another one. The requests are files for the script
 * of a trial, whose names say in what order they are sent, and end with the status that must be the answer.
 */
final class TrialLogins {

    private static final String RIGHT = "right";
    private static final String WRONG = "wrong";
    private static final int REFUSED = 401;

    private final List<Login> logins;

    TrialLogins(List<Login> logins) {
        this.logins = logins;
    }

    /** Writes the requests into {@code folder}; {@code secrets} are the made-up values of the variables. */
    void write(Path folder, Map<String, String> secrets) throws IOException {
        for (int i = 0; i < logins.size(); i++) {
            Login login = logins.get(i);
            String password = Objects.requireNonNull(secrets.get(login.secret()), login.secret());
            Files.writeString(folder.resolve("login-%03d-%s-%d".formatted(i, RIGHT, login.status())),
                    request(login, password));
            // Longer, so that a service which cuts passwords off takes it.
            Files.writeString(folder.resolve("login-%03d-%s-%d".formatted(i, WRONG, REFUSED)),
                    request(login, password + "0"));
        }
    }

    private static String request(Login login, String password) {
        String credentials = Base64.getEncoder()
                .encodeToString((login.user() + ":" + password).getBytes(StandardCharsets.UTF_8));
        return "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic %s\r\n%s\r\n".formatted(login.method(),
                login.path(), credentials,
                login.headers().stream().map(header -> header + "\r\n").collect(Collectors.joining()));
    }

    /** Puts into words what the script says of the first request with another answer: its file's name, and the answer. */
    String fault(String verdict) {
        String[] said = verdict.strip().split(" ", 2);
        String[] name = said[0].split("-");
        Login login = logins.get(Integer.parseInt(name[1]));
        return "it answers %s instead of %s to %s %s of the user %s with %s".formatted(
                said.length > 1 ? "with status " + said[1] : "nothing", name[3], login.method(), login.path(),
                login.user(),
                (name[2].equals(RIGHT) ? "the password of " : "another password than that of ") + login.secret());
    }

    /** Returns the variables whose passwords are tried, each once. */
    List<String> secrets() {
        return logins.stream().map(Login::secret).distinct().toList();
    }
}
