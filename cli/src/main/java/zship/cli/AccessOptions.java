package zship.cli;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import zship.localnode.NodeAccess;
import zship.localnode.NodeState;

/** Options for how clients reach the local node. */
final class AccessOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--tls", description = "serve over TLS too, with a self-signed certificate that is kept")
    private boolean tls;

    @Option(names = "--jwt-key", paramLabel = "FILE", description = "ask for a token (JWT) signed with ES384: its public key, PEM")
    private @Nullable Path key;

    @Option(names = "--organization", paramLabel = "NAME", description = "with --jwt-key: an organisation whose tokens are good (repeatable)")
    private List<String> organizations = new ArrayList<>();

    @Option(names = "--listen", paramLabel = "ADDRESS", description = "offer store and hub on this address of this machine too, for nodes elsewhere: everybody who reaches it may read, writing asks for a password")
    private Optional<String> listen = Optional.empty();

    /** The address store and hub are offered on. */
    Optional<InetAddress> offer() {
        return listen.map(address -> {
            try {
                return InetAddress.ofLiteral(address);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--listen wants an IP address, not " + address);
            }
        });
    }

    NodeAccess access() {
        if ((key == null) != organizations.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--jwt-key and --organization need each other");
        }
        return new NodeAccess(tls, Optional.ofNullable(key).map(Path::toAbsolutePath), organizations);
    }

    /** Whether a running node already offers this; which tokens it asks for is not known, so those never match. */
    boolean isServedBy(NodeState node) {
        NodeAccess access = access();
        return access.tokenKey().isEmpty() && (!access.tls() || node.tlsAddress().isPresent())
                && (listen.isEmpty() || node.offered().equals(offer().map(AccessOptions::literal)));
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }

    /** The same as arguments of another command. */
    List<String> arguments() {
        NodeAccess access = access();
        List<String> arguments = new ArrayList<>();
        if (access.tls()) {
            arguments.add("--tls");
        }
        offer().ifPresent(address -> arguments.addAll(List.of("--listen", address.getHostAddress())));
        access.tokenKey().ifPresent(file -> arguments.addAll(List.of("--jwt-key", file.toString())));
        access.organizations().forEach(name -> arguments.addAll(List.of("--organization", name)));
        return arguments;
    }
}
