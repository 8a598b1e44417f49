package zship.localnode.forward;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

import zship.localnode.process.ProcessMark;

/** Where the sockets come from that reach a container. */
public interface SocketSource {

    /**
     * An unconnected TCP socket over IPv4 in the network of a process.
     *
     * @throws IOException when the process has ended or its network cannot be used
     */
    SocketChannel open(ProcessMark process) throws IOException;

    /**
     * An unconnected UDP socket over IPv4 in the network of a process.
     *
     * @throws IOException when the process has ended or its network cannot be used
     */
    DatagramChannel openForDatagrams(ProcessMark process) throws IOException;
}
