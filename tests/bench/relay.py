"""A relay that adds latency between a client and a server on loopback, and counts what latency makes slow: connections and round trips."""

import selectors
import socket
import threading
import time
from collections import deque

GATHER = 0.005  # what arrives so soon after other bytes is of the same flight, and goes on with them
CHUNK = 1 << 16


class Relay:
    """Forwards every connection to `server`, a port of loopback, with half of `rtt` seconds each way; a context manager.

    The kernel completes TCP's own handshake at once, so a connection's first bytes wait a whole `rtt` longer, and that handshake counts as
    its first round trip. Every further one is a flight of the server's that follows one of the client's. A client that writes one flight in pieces
    has made one nevertheless, if the pieces come within half of `rtt`: the server has not seen the first of them by then."""

    def __init__(self, server, rtt):
        self.server, self.rtt = server, rtt
        self.round_trips = []  # of each connection, in the order in which they were made

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.acceptor = threading.Thread(target=self._accept, daemon=True)
        self.acceptor.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.acceptor.join()
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            number = len(self.round_trips)
            self.round_trips.append(1)
            threading.Thread(target=self._carry, args=(number, client), daemon=True).start()

    def _carry(self, number, client):
        with client, socket.create_connection(("127.0.0.1", self.server)) as server:
            for side in (client, server):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._forward(number, client, server)
            except OSError:
                pass  # one side is gone; the other learns of it now

    def _forward(self, number, client, server):
        opposite = {client: server, server: client}
        under_way = deque()  # what waits, in order: until when, for whom, the bytes or b"" for the end
        speaker = None
        earliest = time.monotonic() + self.rtt  # until here, TCP's own handshake
        with selectors.SelectSelector() as readable:  # epoll rounds up to whole milliseconds
            for side in opposite:
                readable.register(side, selectors.EVENT_READ)
            while readable.get_map() or under_way:
                patience = max(0.0, under_way[0][0] - time.monotonic()) if under_way else None
                for key, _ in readable.select(patience):
                    data = key.fileobj.recv(CHUNK)
                    if data and speaker is client and key.fileobj is server:
                        self.round_trips[number] += 1
                    if data:
                        speaker = key.fileobj
                    else:
                        readable.unregister(key.fileobj)
                    under_way.append((max(time.monotonic(), earliest) + self.rtt / 2, opposite[key.fileobj], data))
                while under_way and under_way[0][0] <= time.monotonic():
                    deliver(under_way)


def deliver(under_way):
    """The first flight, whole."""
    until, receiver, data = under_way.popleft()
    while data and under_way and under_way[0][1] is receiver and under_way[0][2] and under_way[0][0] <= until + GATHER:
        data += under_way.popleft()[2]
    if data:
        receiver.sendall(data)
    else:
        receiver.shutdown(socket.SHUT_WR)
