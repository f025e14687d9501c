"""A video gateway on this machine's loopback: every shape, status and fault of the real ones, for the demo and tests.

::

    with LoopbackGateway("demo") as gateway:
        ...  # talk to gateway.url; look at gateway.requests and gateway.tasks afterwards

A scenario says what each endpoint answers, request by request; :data:`SCENARIOS` holds the named ones. Everything
listens on 127.0.0.1, takes any key (or those it is given) and spends nothing.
"""

from __future__ import annotations

from tokenrouter_video.gateway.loopback.answers import Answer, Fault, Request, Step, Task, Visit
from tokenrouter_video.gateway.loopback.scenario import Scenario
from tokenrouter_video.gateway.loopback.scenarios import SCENARIOS
from tokenrouter_video.gateway.loopback.server import LoopbackGateway

__all__ = ["SCENARIOS", "Answer", "Fault", "LoopbackGateway", "Request", "Scenario", "Step", "Task", "Visit"]
