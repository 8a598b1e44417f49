package zship.flist.hub;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import tools.jackson.databind.JsonNode;

import zship.flist.disk.DiskFaults;
import zship.flist.hub.HubException.Kind;

/**
 * Requests to one hub. Questions are asked again when nobody answers; whatever may change something is sent once. The token
 * goes into requests below {@code /api/flist/me} only, and no cookie of the hub is kept. Connections are not used twice: on one
 * that the other side is closing, a change would fail that was never seen.
 */
final class HubConnection {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(120);
    private static final Duration CONVERSION_TIMEOUT = Duration.ofMinutes(30);
    private static final long[] PAUSES_MILLIS = {200, 800};
    private static final List<Integer> PASSING = List.of(429, 502, 503, 504);

    private final HubUrl hub;
    private final HubLogin login;
    private final OkHttpClient http;

    HubConnection(HubUrl hub, HubLogin login, Optional<Duration> patience) {
        this.hub = hub;
        this.login = login;
        Duration answer = patience.orElse(ANSWER_TIMEOUT);
        this.http = new OkHttpClient.Builder().connectTimeout(patience.orElse(CONNECT_TIMEOUT)).readTimeout(answer)
                .writeTimeout(answer).cookieJar(CookieJar.NO_COOKIES).retryOnConnectionFailure(false)
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS)).followRedirects(false)
                .addNetworkInterceptor(HubConnection::sentOnce).build();
    }

    /** OkHttp repeats any request that is answered with 503 and "Retry-After: 0", whatever it may change. */
    private static Response sentOnce(Interceptor.Chain chain) throws IOException {
        return chain.proceed(chain.request()).newBuilder().removeHeader("Retry-After").build();
    }

    HubUrl hub() {
        return hub;
    }

    /** Asks a question that needs no token. */
    JsonNode ask(String what, String path) {
        return get(what, path).value(what);
    }

    /** The answer to a question that needs no token, whatever its status. */
    HubAnswer get(String what, String path) {
        return answer(what, question(what, new Request.Builder().url(hub + path).build()));
    }

    /** Asks about the own repository. */
    JsonNode askMine(String what, String path) {
        return explained(what, answer(what, question(what, mine(path).build())));
    }

    /** Asks for bytes; to be closed. */
    Response open(String what, Request request) {
        return question(what, request);
    }

    /** The user that the hub takes this client for, which is not always the one it wants to be. */
    String user(String what) {
        String name = askMine(what, "/api/flist/me").path("payload").path("username").asString("");
        if (name.isEmpty()) {
            throw new HubException(Kind.REFUSED, what, "the answer names no user", "check that this is a flist hub");
        }
        Optional<String> wanted = login.activeUser().filter(user -> !user.equals(name));
        if (wanted.isPresent()) {
            throw new HubException(Kind.UNAUTHORIZED, what,
                    "the token may not act as " + wanted.get() + ": the hub takes you for " + name,
                    "leave --user out, or give a token of a member");
        }
        return name;
    }

    /** Hubs silently let those act as themselves who may not act as another; so that is asked before something changes. */
    private void confirmUser(String what) {
        if (login.activeUser().isPresent()) {
            user(what);
        }
    }

    /** A change that public hubs take as GET. One that answers that this is no method for it has done nothing, so POST follows. */
    JsonNode change(String what, String path) {
        confirmUser(what);
        Request request = mine("/api/flist/me/" + path).build();
        try (Response response = once(what, request, http)) {
            String allowed = String.valueOf(response.header("Allow"));
            if (response.code() != 405 || !Arrays.asList(allowed.split("[, ]+")).contains("POST")) {
                return explained(what, HubAnswer.read(what, response));
            }
        }
        return once(what, request.newBuilder().post(RequestBody.create(new byte[0])).build());
    }

    /** Sends a request once. */
    JsonNode send(String what, Request request) {
        confirmUser(what);
        return once(what, request);
    }

    private JsonNode once(String what, Request request) {
        return explained(what, answer(what, once(what, request, http)));
    }

    /** The JSON of a success; a login that was not taken is explained. */
    private JsonNode explained(String what, HubAnswer answer) {
        try {
            return answer.json(what);
        } catch (HubException refused) {
            String remark = refused.kind() == Kind.UNAUTHORIZED ? login.remark(Instant.now()) : "";
            throw remark.isEmpty()
                    ? refused
                    : new HubException(refused.kind(), what, refused.why() + remark, refused.hint(), refused);
        }
    }

    /** Sends a request once that the hub may work on for long. */
    JsonNode sendLong(String what, Request request) {
        confirmUser(what);
        OkHttpClient patient = http.newBuilder().readTimeout(CONVERSION_TIMEOUT).build();
        return explained(what, answer(what, once(what, request, patient)));
    }

    /** A request as this user. */
    Request.Builder mine(String path) {
        Request.Builder request = new Request.Builder().url(hub + path).header("User-Agent", "zship");
        login.token().ifPresent(secret -> request.header("Authorization", "bearer " + secret.expose()));
        login.activeUser().ifPresent(user -> request.header("Cookie", "active-user=" + user));
        return request;
    }

    private static HubAnswer answer(String what, Response response) {
        try (response) {
            return HubAnswer.read(what, response);
        }
    }

    private Response question(String what, Request request) {
        for (long pause : PAUSES_MILLIS) {
            try {
                Response response = http.newCall(request).execute();
                if (!PASSING.contains(response.code())) {
                    return response;
                }
                response.close();
            } catch (SocketTimeoutException silent) {
                // Who has kept silent for so long will not answer the next time either.
                throw unreachable(what, silent);
            } catch (IOException passing) {
                System.getLogger(HubConnection.class.getName()).log(System.Logger.Level.DEBUG, "{0}: {1}", what,
                        passing.getMessage());
            }
            pause(what, pause);
        }
        return once(what, request, http);
    }

    private static void pause(String what, long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException(Kind.UNREACHABLE, what, "it was interrupted", "run the command again", e);
        }
    }

    private Response once(String what, Request request, OkHttpClient client) {
        try {
            return client.newCall(request).execute();
        } catch (IOException e) {
            throw unreachable(what, e);
        }
    }

    private HubException unreachable(String what, IOException e) {
        String why = e instanceof SocketTimeoutException ? "no answer in time" : DiskFaults.reason(e);
        return new HubException(Kind.UNREACHABLE, what, why,
                "check that a hub answers at " + hub + ", or name another one", e);
    }
}
