"""Leave a provider alone that keeps failing, and try it again later with a single call."""

from __future__ import annotations

from dataclasses import dataclass

from backend.core.ai.settings import AiConfig
from backend.sdk.clock import Clock


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    pauses: int = 0
    closed_until: float = 0.0


class Breaker:
    """Count failures per provider in this process.

    After `failures_before_pause` failures in a row the provider is paused; after the pause one call may try
    (half-open), and while it does, the others wait for its outcome. Success forgets everything.
    """

    def __init__(self, clock: Clock, config: AiConfig) -> None:
        self._clock = clock
        self._config = config
        self._circuits: dict[str, _Circuit] = {}

    def paused_for(self, provider: str) -> float:
        """Return for how many seconds the provider is still left alone; 0.0 when it may be asked."""
        circuit = self._circuits.get(provider)
        return max(0.0, circuit.closed_until - self._clock.monotonic()) if circuit else 0.0

    def admit(self, provider: str) -> bool:
        """Tell whether a call may go out now; takes the single trial of a pause that is over."""
        if self.paused_for(provider) > 0:
            return False
        circuit = self._circuits.get(provider)
        if circuit is not None and circuit.pauses:
            circuit.closed_until = self._clock.monotonic() + self._pause(circuit)
        return True

    def succeeded(self, provider: str) -> None:
        """Note an answer, of whatever quality: the provider is there."""
        self._circuits.pop(provider, None)

    def failed(self, provider: str, retry_after: float | None = None) -> None:
        """Note a failure; pauses at the limit, or at once for as long as the provider itself asked for."""
        circuit = self._circuits.setdefault(provider, _Circuit())
        circuit.failures += 1
        wished = min(retry_after or 0.0, self._config.longest_pause)
        if circuit.failures < self._config.failures_before_pause and wished <= self._config.longest_delay:
            return
        circuit.pauses += 1
        circuit.closed_until = self._clock.monotonic() + max(self._pause(circuit), wished)

    def _pause(self, circuit: _Circuit) -> float:
        doubled = self._config.first_pause * float(2 ** min(max(circuit.pauses - 1, 0), 16))
        return min(doubled, self._config.longest_pause)
