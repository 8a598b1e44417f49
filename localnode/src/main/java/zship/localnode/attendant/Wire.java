package zship.localnode.attendant;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One question and one answer, both JSON, each ended by the end of the stream, over a Unix socket that only its owner may open. */
final class Wire {
    static final String SOCKET = "attendant.sock";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LARGEST = 1 << 20;

    private Wire() {
    }

    static JsonNode ask(Path socket, JsonNode question) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            write(channel, question);
            channel.shutdownOutput();
            return read(channel);
        }
    }

    static void write(SocketChannel channel, JsonNode json) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(json));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    static JsonNode read(SocketChannel channel) throws IOException {
        String text = new String(Channels.newInputStream(channel).readNBytes(LARGEST), StandardCharsets.UTF_8);
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IOException("the attendant did not answer", e);
        }
    }
}
