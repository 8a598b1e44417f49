package zship.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import tools.jackson.databind.json.JsonMapper;

import zship.builder.recipe.Recipe;
import zship.cli.config.AppSettings;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;

/**
 * A Deployment (apps/v1) and a Service (v1) that run an image of the recipe with the settings of an application. No
 * secret's value is in it: each is a reference to a key of a Secret.
 */
final class KubernetesManifest {
    private final AppSettings settings;
    private final Recipe recipe;
    private final String image;

    KubernetesManifest(AppSettings settings, Recipe recipe, String image) {
        if (!settings.name().matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new CliException(ExitCode.USAGE, "cannot use the name " + settings.name(),
                    "Kubernetes takes small letters, digits and dashes, at most 63", "--name icecast2");
        }
        this.settings = settings;
        this.recipe = recipe;
        this.image = image;
    }

    String text() {
        String name = settings.name();
        List<String> lines = new ArrayList<>();
        Set<String> secrets = secrets();
        if (!secrets.isEmpty()) {
            lines.add("# Make the secrets first, each from a file, so that no shell remembers them:");
            lines.add("#   kubectl create secret generic " + secretName()
                    + String.join("", secrets.stream().map(it -> " --from-file=" + it + "=FILE").toList()));
        }
        lines.addAll(List.of("apiVersion: apps/v1", "kind: Deployment", "metadata:", "  name: " + name, "  labels:",
                "    app: " + name, "spec:", "  replicas: 1", "  selector:", "    matchLabels:", "      app: " + name,
                "  template:", "    metadata:", "      labels:", "        app: " + name, "    spec:",
                "      automountServiceAccountToken: false", "      containers:", "        - name: " + name,
                "          image: " + quoted(image)));
        lines.addAll(environment(secrets));
        lines.addAll(ports());
        lines.addAll(probe("readinessProbe", 2));
        lines.addAll(probe("livenessProbe", 10));
        lines.addAll(service());
        return String.join("\n", lines) + "\n";
    }

    private String secretName() {
        return settings.name() + "-secrets";
    }

    /** What the recipe needs, what the settings name as secrets, and variables that hold one as plain text. */
    private Set<String> secrets() {
        Set<String> names = new TreeSet<>(recipe.secrets());
        names.addAll(settings.secrets().keySet());
        return names;
    }

    private List<String> environment(Set<String> secrets) {
        List<String> lines = new ArrayList<>(List.of("          env:"));
        for (String secret : secrets) {
            lines.addAll(List.of("            - name: " + secret, "              valueFrom:",
                    "                secretKeyRef:", "                  name: " + secretName(),
                    "                  key: " + secret));
        }
        for (Map.Entry<String, String> variable : new TreeMap<>(settings.env()).entrySet()) {
            if (!secrets.contains(variable.getKey())) {
                lines.addAll(List.of("            - name: " + variable.getKey(),
                        "              value: " + quoted(variable.getValue())));
            }
        }
        return lines;
    }

    private List<String> ports() {
        List<String> lines = new ArrayList<>(List.of("          ports:"));
        new TreeSet<>(settings.ports().values()).forEach(port -> lines.add("            - containerPort: " + port));
        return lines;
    }

    private List<String> probe(String kind, int seconds) {
        String path = settings.healthPath().orElse(recipe.healthPath());
        return List.of("          " + kind + ":", "            httpGet:", "              path: " + quoted(path),
                "              port: " + recipe.port(), "            periodSeconds: " + seconds);
    }

    private List<String> service() {
        List<String> lines = new ArrayList<>(List.of("---", "apiVersion: v1", "kind: Service", "metadata:",
                "  name: " + settings.name(), "spec:", "  selector:", "    app: " + settings.name(), "  ports:"));
        new TreeMap<>(settings.ports()).forEach((host, container) -> lines.addAll(
                List.of("    - name: port-" + container, "      port: " + number(host, container),
                        "      targetPort: " + container)));
        return lines;
    }

    /** The number in a host port of the node's grammar, which may have an address before and a protocol after it. */
    private static String number(String host, int otherwise) {
        String port = host.substring(host.lastIndexOf(':') + 1).replaceFirst("[|/].*", "");
        return port.matches("[0-9]{1,5}") ? port : Integer.toString(otherwise);
    }

    /** A string of JSON, which is one of YAML too. */
    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
