"""What the application carries. Every part has its key here and nowhere else."""

from __future__ import annotations

from aiohttp import web

from bot.bootstrap import House
from bot.gateway.limits import Limiter
from bot.gateway.metrics import Metrics
from bot.gateway.pages import Pages
from bot.gateway.stream import Hub

HOUSE: web.AppKey[House] = web.AppKey("house", House)
HUB: web.AppKey[Hub] = web.AppKey("hub", Hub)
METRICS: web.AppKey[Metrics] = web.AppKey("metrics", Metrics)
LIMITER: web.AppKey[Limiter] = web.AppKey("limiter", Limiter)
EMERGENCY: web.AppKey[list[dict[str, str]]] = web.AppKey("emergency", list[dict[str, str]])
CONVERSATION_LIMITER: web.AppKey[Limiter] = web.AppKey("conversation_limiter", Limiter)
PAGES: web.AppKey[Pages] = web.AppKey("pages", Pages)
