"""A confined program of the tests: it does what it is told, as a hostile file might make it do."""

from __future__ import annotations

import os
import socket
import sys
import time

from backend.sdk.confined.inside import TooSlow, confine, in_time, take_channel


def do(word: str, descriptors: list[int]) -> bytes:
    """Do one thing and return what became of it."""
    match word:
        case "read":
            with os.fdopen(descriptors[0], "rb") as file:
                return file.read()
        case "write":
            return str(os.write(descriptors[0], b"x")).encode()
        case "grow":
            return str(len(bytearray(1 << 30))).encode()
        case "raise the limits":
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
    return word.encode()


def main() -> None:
    """Serve."""
    channel = take_channel()
    confine(256 << 20)
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 64, 1)
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
