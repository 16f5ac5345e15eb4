"""Job kinds for the tests; each leaves marks in files, so that tests see what really ran, whatever the table says."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from backend.sdk.errors import InvalidInput
from backend.sdk.jobs import JobContext, JobHandler, JobRetryLater


class Mark(BaseModel):
    """Write `text` into the folder's log."""

    folder: str
    text: str = ""


class Steps(BaseModel):
    """Do `count` steps of `seconds` each, saving after each one."""

    folder: str
    count: int
    seconds: float = 0.01
    text: str = ""


def mark(folder: str, text: str) -> None:
    """Append one line in a single write, which the kernel does not mix with those of other processes."""
    fd = os.open(Path(folder) / "marks", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(fd, (text + "\n").encode())
    finally:
        os.close(fd)


def marks(folder: Path) -> list[str]:
    """Return the lines that jobs wrote."""
    path = folder / "marks"
    return path.read_text().splitlines() if path.exists() else []


def write_mark(ctx: JobContext, args: Mark) -> Mapping[str, Any]:
    mark(args.folder, f"{args.text} {time.time():.6f}")
    return {"text": args.text}


def count_steps(ctx: JobContext, args: Steps) -> Mapping[str, Any]:
    """Go on from what was saved; tell begin and end of each attempt, to see whether two ever overlap."""
    first = int(ctx.saved.get("step", 0))
    mark(args.folder, f"begin {ctx.job_id} {os.getpid()} {first} {time.time():.6f}")
    for step in range(first, args.count):
        time.sleep(args.seconds)
        mark(args.folder, f"step {ctx.job_id} {os.getpid()} {step} {time.time():.6f}")
        ctx.save({"step": step + 1})
        ctx.progress((step + 1) / args.count, f"step {step + 1}", steps=step + 1)
    mark(args.folder, f"end {ctx.job_id} {os.getpid()} {args.count} {time.time():.6f}")
    return {"from": first, "pid": os.getpid()}


def report_times(ctx: JobContext, args: Steps) -> None:
    for step in range(args.count):
        ctx.progress((step + 1) / args.count, f"{time.time():.6f}", steps=step + 1)
        time.sleep(args.seconds)


def kill_worker(ctx: JobContext, args: Mark) -> None:
    mark(args.folder, "killing")
    os.kill(os.getpid(), signal.SIGKILL)


def refuse_input(ctx: JobContext, args: Mark) -> None:
    raise InvalidInput("That folder is not allowed.")


def raise_secret(ctx: JobContext, args: Mark) -> None:
    raise RuntimeError("secret detail /home/anna")


def wait_for_drive(ctx: JobContext, args: Mark) -> None:
    if not (Path(args.folder) / "drive").exists():
        raise JobRetryLater("The drive is not connected.", 60)


def ignore_stop(ctx: JobContext, args: Mark) -> None:
    mark(args.folder, f"deaf {ctx.attempt}")
    if ctx.saved:
        return
    ctx.save({"seen": True})
    time.sleep(600)


def return_no_json(ctx: JobContext, args: Mark) -> Mapping[str, Any]:
    return {"path": Path(args.folder)}


HANDLERS: tuple[JobHandler[Any], ...] = (
    JobHandler("demo.write_mark", Mark, write_mark),
    JobHandler("demo.count_steps", Steps, count_steps, max_attempts=1000),
    JobHandler("demo.report_times", Steps, report_times),
    JobHandler("demo.kill_worker", Mark, kill_worker),
    JobHandler("demo.refuse_input", Mark, refuse_input),
    JobHandler("demo.raise_secret", Mark, raise_secret, max_attempts=2),
    JobHandler("demo.wait_for_drive", Mark, wait_for_drive),
    JobHandler("demo.ignore_stop", Mark, ignore_stop),
    JobHandler("demo.return_no_json", Mark, return_no_json, max_attempts=1),
    JobHandler("demo.urgent_mark", Mark, write_mark, priority=10),
)
