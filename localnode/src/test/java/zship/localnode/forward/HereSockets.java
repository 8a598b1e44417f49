package zship.localnode.forward;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

import zship.localnode.process.ProcessMark;

/** Sockets in the network of the test itself, whatever process is asked for. */
final class HereSockets implements SocketSource {

    @Override
    public SocketChannel open(ProcessMark process) throws IOException {
        return SocketChannel.open(StandardProtocolFamily.INET);
    }

    @Override
    public DatagramChannel openForDatagrams(ProcessMark process) throws IOException {
        return DatagramChannel.open(StandardProtocolFamily.INET);
    }
}
