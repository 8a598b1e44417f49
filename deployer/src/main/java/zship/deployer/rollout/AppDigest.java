package zship.deployer.rollout;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import zship.deployer.container.Container;
import zship.deployer.container.ContainerSpec;
import zship.flist.Secret;
import zship.flist.store.StoreAddress;

/**
 * The digest that says whether a container is what an app asks for. It covers the flist's content, the plain environment,
 * ports, mounts and the rest of the spec, and of secrets only the names: a tag can be read by everybody, and a digest of
 * a short password can be reversed. Secrets are compared with the environment the node reports.
 */
final class AppDigest {

    private AppDigest() {
    }

    static String of(App app) {
        ContainerSpec spec = app.spec();
        Map<String, String> facts = new TreeMap<>();
        facts.put("flist", app.flistSha256().isEmpty() ? spec.root().flist() : app.flistSha256());
        facts.put("storage", spec.root().storage().map(url -> StoreAddress.of(url).toString()).orElse(""));
        facts.put("mounts", spec.root().mounts().toString());
        facts.put("files", new TreeMap<>(spec.root().files()).toString());
        facts.put("env", new TreeMap<>(spec.environment().values()).toString());
        facts.put("secrets", String.join(",", new TreeMap<>(spec.environment().secrets()).keySet()));
        facts.put("ports", spec.network().ports().stream().map(Object::toString).sorted().toList().toString());
        facts.put("nics", spec.network().nics().toString());
        facts.put("hostname", spec.network().hostname().orElse(""));
        facts.put("host", String.valueOf(spec.network().host()));
        facts.put("identity", String.valueOf(spec.network().identity().isPresent()));
        facts.put("isolation", spec.isolation().toString());
        facts.put("tags", spec.tags().stream().sorted().toList().toString());
        StringBuilder text = new StringBuilder();
        facts.forEach((name, value) -> text.append(name.length()).append(name).append(value.length()).append(value));
        return sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the container's environment, identity and store have exactly the values the app asks for, secrets included. */
    static boolean sameEnvironment(App app, Container container) {
        Map<String, Secret> wanted = app.spec().environment().all();
        Map<String, Secret> real = container.labels().environment();
        return wanted.equals(real) && app.spec().network().identity().equals(container.connections().identity())
                && app.spec().root().storage().map(StoreAddress::of).map(StoreAddress::password).stream()
                        .allMatch(StoreAddress.of(container.source().storage()).password()::equals);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
