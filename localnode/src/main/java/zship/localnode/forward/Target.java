package zship.localnode.forward;

import java.net.InetSocketAddress;

import zship.localnode.process.ProcessMark;

/**
 * Where a forwarded port leads.
 *
 * @param container number of the container
 * @param init      its process 1, whose network namespace is entered
 * @param address   address and port in that namespace
 */
record Target(int container, ProcessMark init, InetSocketAddress address) {
}
