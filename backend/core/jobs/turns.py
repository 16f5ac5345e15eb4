"""The fair order of the queue: self-clocked fair queueing over owners, with priority as weight.

Each job gets a *turn* when it is queued, and the lowest turn runs first. A person's jobs of one priority take turns
one after the other, each one `step` further; a person who had nothing waiting begins at the queue's present turn. So
the single job of one person goes in front of another's second job, whether that one has two waiting or a thousand; and
a higher priority means smaller steps, hence earlier turns, without ever starving anybody. (Golestani, "A self-clocked
fair queueing scheme for broadband applications", IEEE INFOCOM 1994; jobs count as equally long.)
"""

from __future__ import annotations


def step(priority: int) -> float:
    """Return how far one job of this priority moves its owner: 1 at 0, 1/11 at 10, 11 at -10."""
    return 1.0 / (1 + priority) if priority >= 0 else 1.0 - priority


def next_turn(queue_turn: float, last_own_turn: float | None, priority: int) -> float:
    """Return the turn of a new job.

    `queue_turn`: the turn that was started last; `last_own_turn`: the highest waiting one of that owner and priority.
    """
    return max(queue_turn, last_own_turn if last_own_turn is not None else queue_turn) + step(priority)
