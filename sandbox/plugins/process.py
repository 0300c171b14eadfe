"""
A plugin as a process: it prints its port, serves on loopback, and ends without a word.

The engine ends plugins with a signal, and a user's Ctrl-C reaches them too; a traceback would land
in the user's output. If the engine is killed, the plugin notices that its parent is gone and ends
as well, so that nothing is left behind.
"""

import os
import signal
import threading
from collections.abc import Callable
from concurrent import futures
from typing import Any

import grpc

# The engine runs this many operations at once and more (4 x processors, or --parallel), and a
# creation may wait for minutes. Threads are made only when needed.
WORKERS = 128

ORPHAN_CHECK_SECONDS = 2.0


def serve_plugin(register: Callable[[Any], None]) -> None:
    """Serve until ended; `register` adds the service to the gRPC server."""

    def leave(*_: object) -> None:
        # Not sys.exit: that waits for operations that nobody wants any more.
        os._exit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    parent = os.getppid()
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=WORKERS),
        options=[
            ("grpc.max_receive_message_length", -1),
            ("grpc.max_send_message_length", -1),
            ("grpc.so_reuseport", 0),
        ],
    )
    register(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    ended = threading.Event()
    while os.getppid() == parent:
        ended.wait(ORPHAN_CHECK_SECONDS)
    leave()
