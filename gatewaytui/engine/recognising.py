"""What a run's answers show beside their verdicts: which software answers, and the server's own words."""

from __future__ import annotations

from gatewaytui.diagnosis.fingerprint import Seen, recognise
from gatewaytui.domain.progress import GatewayRecognised, ServerSaid
from gatewaytui.domain.run import GatewayFacts
from gatewaytui.domain.text import safe_line

from .desk import Tell
from .session import Judged


class Recogniser:
    """Hears every answer of a run against one target and tells what it shows; ``gateway`` is known once it is."""

    def __init__(self, tell: Tell) -> None:
        self.gateway: GatewayFacts | None = None
        self._tell = tell
        self._seen: list[Seen] = []

    def hear(self, answer: Judged) -> None:
        """Look at one more answer; one without a response shows nothing."""
        response, reading = answer.exchange.response, answer.reading
        if response is None:
            return
        error = reading.error if reading else None
        self._seen.append(Seen(response, error, reading.models if reading else None))
        gateway = recognise(self._seen)
        if gateway != self.gateway and (gateway.software or gateway.edge):
            self.gateway = gateway
            self._tell(GatewayRecognised(0, gateway))
        if error is not None and error.message:
            self._tell(ServerSaid(0, safe_line(error.message)))
