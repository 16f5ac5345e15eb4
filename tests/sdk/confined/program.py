"""A confined program of the tests: it does what it is told, as a hostile file might make it do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

from backend.sdk.confined.inside import TooSlow, confine, in_time, take_channel


def do(word: str, descriptors: list[int]) -> bytes:
    """Do one thing and return what became of it."""
    word, _, what = word.partition(" ")
    match word:
        case "open":
            with open(what, "rb") as file:
                return file.read()
        case "delete":
            os.unlink(what)
            return b"deleted"
        case "rename":
            os.rename(what, what + ".new")
            return b"renamed"
        case "truncate":
            os.truncate(what, 0)
            return b"truncated"
        case "make":
            with open(what, "xb"):
                return b"made"
        case "connect":
            with socket.create_connection(("127.0.0.1", int(what)), timeout=2):
                return b"connected"
        case "send":
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
                return str(line.sendto(b"x", ("127.0.0.1", int(what)))).encode()
        case "run":
            return subprocess.run(["/bin/echo", what], capture_output=True, check=True).stdout.strip()
        case "import":
            return str(len(__import__(what).__name__)).encode()
        case "read":
            with os.fdopen(descriptors[0], "rb") as file:
                return file.read()
        case "write":
            return str(os.write(descriptors[0], b"x")).encode()
        case "grow":
            return str(len(bytearray(1 << 30))).encode()
        case "raise":
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
            return b"raised"
        case "slow":
            with in_time(0.2):
                time.sleep(60)
        case "hang":
            time.sleep(60)
        case "die":
            os._exit(1)
        case "talk":
            return b"x" * (1 << 20)
        case "parts":
            return b"head\n" + b"y" * 300_000
    return f"{word} {what}".strip().encode()


def main() -> None:
    """Serve."""
    channel = take_channel()
    confine(256 << 20, reads=sys.argv[2:] == ["reads"])
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 4096, 1)
        if not message:
            return
        try:
            answer = do(message.decode(), descriptors)
        except (OSError, ValueError, MemoryError, TooSlow) as error:
            answer = type(error).__name__.encode()
        channel.sendall(answer + b"\n")


if __name__ == "__main__":
    print("nobody hears this", file=sys.stderr)
    main()
