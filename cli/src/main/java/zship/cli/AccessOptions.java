package zship.cli;

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

    NodeAccess access() {
        if ((key == null) != organizations.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--jwt-key and --organization need each other");
        }
        return new NodeAccess(tls, Optional.ofNullable(key).map(Path::toAbsolutePath), organizations);
    }

    /** Whether a running node already offers this; which tokens it asks for is not known, so those never match. */
    boolean isServedBy(NodeState node) {
        NodeAccess access = access();
        return access.tokenKey().isEmpty() && (!access.tls() || node.tlsAddress().isPresent());
    }

    /** The same as arguments of another command. */
    List<String> arguments() {
        NodeAccess access = access();
        List<String> arguments = new ArrayList<>();
        if (access.tls()) {
            arguments.add("--tls");
        }
        access.tokenKey().ifPresent(file -> arguments.addAll(List.of("--jwt-key", file.toString())));
        access.organizations().forEach(name -> arguments.addAll(List.of("--organization", name)));
        return arguments;
    }
}
