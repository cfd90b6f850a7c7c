# SPDX-License-Identifier: MIT
"""Sockets in a host of the lab: listeners, an answering UDP port, and ports that are taken."""

import contextlib
import errno
import resource
import socket
import threading
import time


def _family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _bound(kind, address, port, reuse=False):
    sock = socket.socket(_family(address), kind)
    try:
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if reuse:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
    except OSError:
        sock.close()
        raise
    return sock


def listen(lab, host, address, port):
    """A TCP port that is open. Connections are taken and closed at once: left alone, they would fill
    the queue, and the kernel would drop what comes after."""
    with host.entered():
        sock = lab.keep(_bound(socket.SOCK_STREAM, address, port, reuse=True))
    sock.listen(4096)

    def serve():
        while sock.fileno() >= 0:
            with contextlib.suppress(OSError):  # aborted connections, and the lab's closing
                sock.accept()[0].close()

    threading.Thread(target=serve, daemon=True).start()


def answer_udp(lab, host, address, port):
    """A UDP port that answers each datagram with the same octets."""
    with host.entered():
        sock = lab.keep(_bound(socket.SOCK_DGRAM, address, port))

    def serve():
        with contextlib.suppress(OSError):  # the lab closes the socket
            while True:
                data, sender = sock.recvfrom(2048)
                sock.sendto(data, sender)

    threading.Thread(target=serve, daemon=True).start()


@contextlib.contextmanager
def held(host, kind, address, ports):
    """Ports taken by another process, for a while. kind: "tcp" or "udp"."""
    ports = list(ports)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, len(ports) + 512)), hard))
    with contextlib.ExitStack() as stack:
        with host.entered():
            for port in ports:
                sock = _bound(socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM, address,
                              port)
                stack.callback(sock.close)
        yield


def leave_in_time_wait(host, address, port, server, server_host, server_port):
    """Opens a connection from this port and closes it first, so that the port waits for a minute."""
    with server_host.entered():
        listener = _bound(socket.SOCK_STREAM, server, server_port, reuse=True)
    listener.listen(1)
    with host.entered():
        client = _bound(socket.SOCK_STREAM, address, port)
    client.settimeout(5)
    client.connect((server, server_port))
    peer, _ = listener.accept()
    client.close()
    peer.recv(1)  # the FIN
    peer.close()
    listener.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with host.entered():
            try:
                _bound(socket.SOCK_STREAM, address, port).close()
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return
                raise
        time.sleep(0.01)
    raise RuntimeError(f"port {port} is free, not in TIME_WAIT")
