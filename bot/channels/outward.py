"""Everything that reaches people on duty from this process, put together from the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.alerts.email import Email
from bot.channels.alerts.model import receivers
from bot.channels.alerts.service import Alerts, Way
from bot.channels.alerts.sms import Send, Sms
from bot.channels.alerts.webhook import Webhook as AlertWebhook
from bot.channels.delivery import Courier
from bot.channels.human.channel import Describe, HumanChannel
from bot.channels.human.chatwoot import Chatwoot
from bot.channels.human.service import HumanChannels
from bot.channels.human.webhook import Webhook
from bot.errors import CaseUnknown, SettingError
from bot.handoff.case import State
from bot.handoff.cases import Cases
from bot.settings import Secret, Settings
from bot.storage.alerts import Outbox
from bot.storage.database import Database
from bot.storage.human import HumanStore

CONSOLE = "/konsoll"


@dataclass(frozen=True)
class Outward:
    """The alerts, the human channels, and the courier that sends for both."""

    alerts: Alerts
    human: HumanChannels
    courier: Courier
    ways: Sequence[Way]

    async def expire(self) -> None:
        """Remove what is no longer needed. Raises StorageUnavailable."""
        await self.human.expire()
        await self.courier.expire()

    async def close(self) -> None:
        """Give back what the ways of alerting hold."""
        for way in self.ways:
            if isinstance(way, AlertWebhook):
                await way.close()


def open_outward(
    settings: Settings, database: Database, cases: Cases, describe: Describe, send_sms: Send | None = None
) -> Outward:
    """Put together what the settings ask for, and let the cases know of it. Raises SettingError.

    ``describe``: what the person agreed to pass on, in words. ``send_sms``: sends a text to a number; None where there
    is no SMS channel.
    """
    outbox, store = Outbox(database), HumanStore(database)
    ways = _ways(settings, send_sms)
    alerts = Alerts(outbox, ways, _address(settings) + CONSOLE)
    human = HumanChannels(cases, store, outbox, _channels(settings, store, describe))
    courier = Courier(outbox, {**alerts.routes(), **human.routes()})
    alerts.wake = human.wake = courier.wake
    alerts.waits = _waits(cases)
    cases.alerts = alerts
    cases.watch(human)
    _count_as_present(cases, human)
    return Outward(alerts, human, courier, ways)


def _waits(cases: Cases) -> Any:
    async def waits(case_id: str) -> bool:
        try:
            return (await cases.get(case_id)).state is State.WAITING
        except CaseUnknown:
            return False

    return waits


def _count_as_present(cases: Cases, human: HumanChannels) -> None:
    """Those who answer from outside are on duty as well as those at the console."""
    at_the_console = cases.on_duty

    async def on_duty(team: str) -> bool:
        return await at_the_console(team) or await human.present(team)

    cases.on_duty = on_duty


def _address(settings: Settings) -> str:
    return settings.public_url or f"http://{settings.host}:{settings.port}"


def _ways(settings: Settings, send_sms: Send | None) -> list[Way]:
    ways: list[Way] = []
    if settings.alert_email_to:
        _need(settings, "alert_email_to", "alert_smtp_url", "alert_email_from")
        server = settings.alert_smtp_url.reveal()
        ways.append(Email(server, settings.alert_email_from, receivers(settings.alert_email_to)))
    if settings.alert_webhook_url:
        _need(settings, "alert_webhook_url", "alert_webhook_secret")
        secrets = _secrets(settings.alert_webhook_secret)
        ways.append(AlertWebhook(secrets, receivers(settings.alert_webhook_url)))
    if settings.alert_sms_to:
        if send_sms is None:
            raise SettingError("HJEMVEI_ALERT_SMS_TO kan bare brukes når SMS er satt opp.")
        ways.append(Sms(send_sms, receivers(settings.alert_sms_to)))
    return ways


def _channels(settings: Settings, store: HumanStore, describe: Describe) -> list[HumanChannel]:
    makers = {"webhook": _webhook, "xmpp": _xmpp, "chatwoot": _chatwoot}
    return [makers[name](settings, store, describe) for name in dict.fromkeys(settings.human_channel) if name in makers]


def _webhook(settings: Settings, store: HumanStore, describe: Describe) -> HumanChannel:
    _need(settings, "human_channel", "human_webhook_url", "human_webhook_secret")
    return Webhook(settings.human_webhook_url, _secrets(settings.human_webhook_secret), describe)


def _xmpp(settings: Settings, store: HumanStore, describe: Describe) -> HumanChannel:
    # The library takes a while to import, and most have no use for it.
    from bot.channels.human.xmpp import Xmpp
    from bot.channels.human.xmpp_line import Account

    _need(settings, "human_channel", "human_xmpp_jid", "human_xmpp_password")
    if not settings.human_xmpp_duty and not settings.human_xmpp_room:
        raise SettingError("HJEMVEI_HUMAN_XMPP_DUTY eller HJEMVEI_HUMAN_XMPP_ROOM må si hvem som har vakt.")
    host, _, port = settings.human_xmpp_host.rpartition(":")
    address = (host, int(port)) if host else None
    account = Account(settings.human_xmpp_jid, settings.human_xmpp_password.reveal(), address)
    return Xmpp(account, settings.human_xmpp_duty, settings.human_xmpp_room or None, store, describe)


def _chatwoot(settings: Settings, store: HumanStore, describe: Describe) -> HumanChannel:
    names = [f"human_chatwoot_{name}" for name in ("url", "account", "inbox", "token", "secret")]
    _need(settings, "human_channel", *names)
    return Chatwoot(
        settings.human_chatwoot_url,
        settings.human_chatwoot_account,
        settings.human_chatwoot_inbox,
        settings.human_chatwoot_token.reveal(),
        settings.human_chatwoot_secret.reveal(),
        store,
        describe,
    )


def _need(settings: Settings, because: str, *names: str) -> None:
    for name in names:
        if not getattr(settings, name):
            raise SettingError(f"HJEMVEI_{because.upper()} krever at HJEMVEI_{name.upper()} også er satt.")


def _secrets(secret: Secret) -> list[str]:
    return secret.reveal().split(",")
