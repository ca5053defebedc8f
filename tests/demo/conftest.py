"""The embedded gateways without their waits, for tests of what they say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gatewaytui.demo.launch import Gateways, start


@pytest.fixture(scope="package")
def swift() -> Iterator[Gateways]:
    with start(pace=0) as running:
        yield running
