"""The providers, one small module each: what their requests look like, and nothing else."""

from __future__ import annotations

from bot.channels.sms.base import Account, HttpProvider, Line
from bot.channels.sms.providers.eurobate import Eurobate
from bot.channels.sms.providers.generic import GenericJson
from bot.channels.sms.providers.kannel import Kannel
from bot.channels.sms.providers.link_mobility import LinkMobility
from bot.channels.sms.providers.sveve import Sveve
from bot.channels.sms.providers.twilio import Twilio
from bot.channels.sms.providers.vonage import Vonage
from bot.settings import Settings

PROVIDERS: dict[str, type[HttpProvider]] = {
    kind.name: kind for kind in (LinkMobility, Sveve, Twilio, Vonage, Eurobate, Kannel, GenericJson)
}


def make(settings: Settings, line: Line) -> HttpProvider:
    """The provider that the settings name. Raises SettingError when it lacks something."""
    return PROVIDERS[settings.sms_provider](Account.of(settings), line)
