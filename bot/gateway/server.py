"""Build the application and serve it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import datetime, timezone
from functools import partial
from typing import Any

import click
from aiohttp import web

from bot.bootstrap import House, open_house, shelf
from bot.directory.rows import rows
from bot.errors import StartError, StorageUnavailable
from bot.gateway import keys
from bot.gateway.bus import Bus
from bot.gateway.desk import desk_door
from bot.gateway.desk_pages import DeskPages
from bot.gateway.desk_routes import ENTRY, STAFF
from bot.gateway.errors import one_shape
from bot.gateway.headers import add_headers
from bot.gateway.limits import Limiter
from bot.gateway.look_up import LookUps
from bot.gateway.metrics import Metrics
from bot.gateway.origins import own_origin
from bot.gateway.pages import Pages
from bot.gateway.requests import MAX_BODY_BYTES
from bot.gateway.routes import OPEN, SIGNED, WITH_TOKEN
from bot.gateway.shared_reading import SharedReading
from bot.gateway.stream import Hub
from bot.gateway.views import sms_simulator
from bot.gateway.views.desk_cases import read_queue
from bot.handoff.duty import read_duty
from bot.language.pipeline import names

logger = logging.getLogger("hjemvei.gateway")

_SWEEP_S = 60.0
_LOOK_S = 10.0
_TEND_S = 3.0
_BURST = 120
_CONVERSATION_BURST = 60
# What is loaded at the first message of a kind is loaded before anybody writes.
_WARMING = ("Hei, jeg vil hjem til Norge", "Eg er redd", "I want to go home")
# A whole helpline may share an address and come to work at the same time.
_LOG_IN_BURST, _LOG_INS_PER_MINUTE = 60, 20.0
_EMERGENCY = ("politi_nod", "ambulanse_nod", "alarmtelefonen", "udops")


def build(house: House, limiter: Limiter | None = None) -> web.Application:
    """The application over an open house."""
    app = web.Application(middlewares=[one_shape, own_origin, desk_door], client_max_size=MAX_BODY_BYTES)
    app[keys.HOUSE] = house
    app[keys.HUB] = Hub()
    app[keys.METRICS] = Metrics()
    app[keys.LIMITER] = limiter or Limiter(burst=_BURST, per_minute=house.settings.messages_per_minute)
    app[keys.CONVERSATION_LIMITER] = limiter or Limiter(
        burst=_CONVERSATION_BURST, per_minute=house.settings.conversation_messages_per_minute
    )
    directory = house.library.directory
    shown = [contact for contact in map(directory.get, _EMERGENCY) if contact is not None and contact.phone]
    app[keys.EMERGENCY] = [{"name": contact.spoken_name, "phone": contact.phone or ""} for contact in shown]
    app[keys.PAGES] = Pages(house)
    app.add_routes([*OPEN, *WITH_TOKEN, *SIGNED, *ENTRY, *STAFF])
    if house.settings.sms_simulator:
        app.add_routes(sms_simulator.ROUTES)
    app[keys.LOG_IN_LIMITER] = limiter or Limiter(burst=_LOG_IN_BURST, per_minute=_LOG_INS_PER_MINUTE)
    app[keys.DESK_PAGES] = DeskPages()
    app[keys.QUEUE] = SharedReading(lambda: read_queue(house))
    app[keys.LOOK_UPS] = LookUps(lambda: house.library)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(_carry_events)
    app.cleanup_ctx.append(_sweep)
    app.cleanup_ctx.append(_tend_cases)
    app.cleanup_ctx.append(_reach_those_on_duty)
    app.cleanup_ctx.append(_follow_editors)
    app.cleanup_ctx.append(_carry_sms)
    return app


async def serve(host: str | None, port: int | None) -> None:
    """Open the house, listen, and go on until asked to stop (SIGINT, SIGTERM). Raises StartError."""
    click.echo("Laster modellen …", err=True)
    async with open_house() as house:
        _index()
        for text in _WARMING:
            await house.conversations.understand(text)
        names(_WARMING[0])
        # What has been loaded stays; looking through it again and again for garbage stops everybody for a moment.
        gc.collect()
        gc.freeze()
        settings = house.settings
        runner = web.AppRunner(build(house), access_log=None, shutdown_timeout=5.0)
        await runner.setup()
        address, number = host or settings.host, settings.port if port is None else port
        try:
            site = web.TCPSite(runner, address, number)
            await site.start()
        except OSError as error:
            await runner.cleanup()
            raise StartError(
                f"Kan ikke lytte på {address}:{number} ({error.strerror}). Velg en annen port med HJEMVEI_PORT."
            ) from error
        for socket in runner.addresses:
            shown = "localhost" if address in ("127.0.0.1", "0.0.0.0") else address
            click.echo(f"Klar: http://{shown}:{socket[1]}", err=True)
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await stop.wait()
        await runner.cleanup()


async def _sweep(app: web.Application) -> AsyncIterator[None]:
    """Erase what has expired, once a minute, for as long as the application runs."""

    async def sweep() -> None:
        app[keys.HUB].forget_idle()
        app[keys.LIMITER].forget_full()
        app[keys.CONVERSATION_LIMITER].forget_full()
        app[keys.LOG_IN_LIMITER].forget_full()
        now = datetime.now(timezone.utc)
        gone = await app[keys.HOUSE].store.expire(now)
        app[keys.METRICS].conversations.labels("expired").inc(gone)
        await app[keys.HOUSE].reviews.expire(now.date())
        await app[keys.HOUSE].outward.expire()
        await app[keys.HOUSE].dialogue.sweep(now)
        await app[keys.HOUSE].staff.expire()
        await app[keys.HOUSE].publisher.publish_due(now)

    async with _in_background(partial(_repeat, sweep, _SWEEP_S, "could not erase what has expired")):
        yield


async def _carry_events(app: web.Application) -> AsyncIterator[None]:
    """Let cases tell what happens, and events reach every process where there is a Redis."""
    house, hub = app[keys.HOUSE], app[keys.HUB]
    address = house.settings.redis_url.reveal()
    async with contextlib.AsyncExitStack() as stack:
        if address:
            bus = await stack.enter_async_context(Bus(address, house.vault, hub.deliver))
            hub.send = bus.send
        house.news.join(hub)
        try:
            yield
        finally:
            house.news.leave(hub)
            hub.send = hub.deliver


async def _reach_those_on_duty(app: web.Application) -> AsyncIterator[None]:
    """Send alerts and what goes to human channels, and look every few seconds whether something was left out."""
    outward, metrics = app[keys.HOUSE].outward, app[keys.METRICS]
    outward.courier.count = lambda kind, channel, outcome: metrics.deliveries.labels(kind, channel, outcome).inc()

    async def look() -> None:
        await outward.human.sweep()
        for kind, failures in (("alert", outward.alerts.failures), ("human", outward.human.failures)):
            metrics.undelivered.labels(kind).set(len(await failures()))

    await outward.human.start()
    looking = partial(_repeat, look, _TEND_S, "human channels could not be looked after")
    try:
        async with _in_background(looking), _in_background(outward.courier.run):
            yield
    finally:
        await outward.human.stop()
        await outward.close()


async def _tend_cases(app: web.Application) -> AsyncIterator[None]:
    """Do what time does to cases, every few seconds: nothing waits in silence."""

    tick = app[keys.HOUSE].cases.tick
    async with _in_background(partial(_repeat, tick, _TEND_S, "the cases could not be tended")):
        yield


async def _repeat(work: Callable[[], Awaitable[None]], every_s: float, failing: str) -> None:
    """``work`` again and again. Whatever goes wrong once, and is logged as ``failing``, does not end it: what has
    expired would never be erased again, and those who wait would be forgotten."""
    while True:
        try:
            await work()
        except StorageUnavailable as error:
            logger.error("%s: %s", failing, error)
        except Exception:
            logger.exception(failing)
        await asyncio.sleep(every_s)


@contextlib.asynccontextmanager
async def _in_background(work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _carry_sms(app: web.Application) -> AsyncIterator[None]:
    """Answer and send text messages for as long as the application runs."""
    sms = app[keys.HOUSE].sms
    if sms is None:
        yield
        return
    sms.observed_by(app[keys.METRICS])
    async with sms.running():
        yield


async def _follow_editors(app: web.Application) -> AsyncIterator[None]:
    """Read knowledge/ anew when editors have changed it; a version with errors is not taken into use."""

    async def follow() -> None:
        changed = await asyncio.to_thread(shelf.refresh)
        if changed:
            await asyncio.to_thread(_index)
        # Built anew only where the library is another one.
        await app[keys.LOOK_UPS].current()
        if changed:
            app[keys.HOUSE].cases.duty = read_duty(shelf.library().settings.knowledge / "teams.yml")
            logger.info("the knowledge base was read anew")
            await _remember_changes(app)
        elif shelf.problem:
            logger.warning("knowledge/ has errors; the earlier version stays in use (hjemvei knowledge check)")

    async with _in_background(partial(_repeat, follow, _LOOK_S, "what editors changed could not be read")):
        yield


async def _remember_changes(app: web.Application) -> None:
    """Put what editors changed in the contacts into the history."""
    house = app[keys.HOUSE]
    try:
        await house.contacts.bring_in_step(rows(house.library.directory))
    except StorageUnavailable as error:
        logger.error("could not keep what changed in the contacts: %s", error)


def _index() -> None:
    """Build the search of the library in use, so that nobody's request waits for it."""
    _ = shelf.library().search
