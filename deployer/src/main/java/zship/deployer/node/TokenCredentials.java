package zship.deployer.node;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import reactor.core.publisher.Mono;

import zship.flist.Secret;

/** The token as Lettuce wants it: {@code AUTH} with one argument, the only form the node's proxy accepts. */
record TokenCredentials(Secret token) implements RedisCredentialsProvider {

    @Override
    public Mono<RedisCredentials> resolveCredentials() {
        return Mono.fromSupplier(() -> RedisCredentials.just(null, token.expose()));
    }
}
