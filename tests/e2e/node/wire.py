"""The wire from the node to one server: it has the server's public name and port, counts connections, and can be cut.

Bytes pass unread, so TLS is between the node and the server.
"""

import socket
import threading


class Wire:
    def __init__(self, address, port):
        self.address = address
        self.port = port
        self.target = None
        self.connections = 0
        self._listener = None

    def lay(self, target):
        """Connects the name to `target`, a (host, port)."""
        self.target = target
        self.mend()

    def mend(self):
        self._listener = socket.create_server((self.address, self.port), backlog=128)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self):
        """From now on connections are refused; those that are open stay."""
        # close() alone would leave the thread in accept() with a listening socket.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                server = socket.create_connection(self.target)
            except OSError:
                client.close()
                continue
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, sink):
                end.close()
