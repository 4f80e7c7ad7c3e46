"""What the application carries. Every part has its key here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.bootstrap import House
from bot.gateway.limits import Limiter
from bot.gateway.metrics import Metrics
from bot.gateway.pages import Pages
from bot.gateway.stream import Hub

if TYPE_CHECKING:
    from bot.gateway.desk_pages import DeskPages
    from bot.gateway.look_up import LookUps
    from bot.gateway.shared_reading import SharedReading
    from bot.gateway.views.desk_cases import Seen

HOUSE: web.AppKey[House] = web.AppKey("house", House)
HUB: web.AppKey[Hub] = web.AppKey("hub", Hub)
METRICS: web.AppKey[Metrics] = web.AppKey("metrics", Metrics)
LIMITER: web.AppKey[Limiter] = web.AppKey("limiter", Limiter)
EMERGENCY: web.AppKey[list[dict[str, str]]] = web.AppKey("emergency", list[dict[str, str]])
CONVERSATION_LIMITER: web.AppKey[Limiter] = web.AppKey("conversation_limiter", Limiter)
PAGES: web.AppKey[Pages] = web.AppKey("pages", Pages)
LOG_IN_LIMITER: web.AppKey[Limiter] = web.AppKey("log_in_limiter", Limiter)
DESK_PAGES: web.AppKey[DeskPages] = web.AppKey("desk_pages")
LOOK_UPS: web.AppKey[LookUps] = web.AppKey("look_ups")
QUEUE: web.AppKey[SharedReading[Seen]] = web.AppKey("queue")
