from __future__ import annotations

import pytest

from bot.errors import SettingError
from bot.settings import Secret, read


def test_the_defaults_need_nothing() -> None:
    settings = read({})
    assert settings.database.startswith("sqlite+aiosqlite:///")
    assert settings.retention_hours == 24.0


def test_postgresql_gets_its_asynchronous_driver() -> None:
    given = {"HJEMVEI_DATABASE_URL": "postgresql://user:word@db/hjemvei"}
    assert read(given).database == "postgresql+asyncpg://user:word@db/hjemvei"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HJEMVEI_PORT", "åtti"),
        ("HJEMVEI_PORT", "70000"),
        ("HJEMVEI_RETENTION_HOURS", "0"),
        ("HJEMVEI_RETENTION_HOURS", "nan"),
        ("HJEMVEI_EXIT_URL", "javascript:alert(1)"),
        ("HJEMVEI_APPROVED_ONLY", "kanskje"),
        ("HJEMVEI_DATABASE_URL", "mysql://x"),
        ("HJEMVEI_SPACY_MODEL", "../nb_norne_sm"),
        ("HJEMVEI_DATABSE_URL", "postgresql://x"),
    ],
)
def test_a_bad_setting_is_named_in_the_error(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read({name: value})


def test_a_secret_hides_itself() -> None:
    settings = read({"HJEMVEI_DATABASE_URL": "postgresql://user:hemmelig@db/x", "HJEMVEI_KEY": "hemmelig"})
    assert "hemmelig" not in repr(settings)
    assert repr(Secret("hemmelig")) == "Secret('**********')"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HJEMVEI_ALERT_SMTP_URL", "mail.eksempel.no"),
        ("HJEMVEI_ALERT_EMAIL_TO", "vakt"),
        ("HJEMVEI_ALERT_SMS_TO", "90000000"),
        ("HJEMVEI_ALERT_WEBHOOK_URL", "http://varsel.eksempel.no/"),
        ("HJEMVEI_ALERT_WEBHOOK_SECRET", "kort"),
        ("HJEMVEI_HUMAN_CHANNEL", "slack"),
        ("HJEMVEI_HUMAN_WEBHOOK_URL", "http://localhost.eksempel.no/"),
        ("HJEMVEI_HUMAN_XMPP_HOST", "tjener"),
        ("HJEMVEI_HUMAN_CHATWOOT_ACCOUNT", "null"),
    ],
)
def test_a_bad_way_to_those_on_duty_is_named_in_the_error(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read({name: value})


def test_receivers_may_belong_to_a_team() -> None:
    settings = read(
        {"HJEMVEI_ALERT_EMAIL_TO": "vakt@eksempel.no, natt=lege@eksempel.no", "HJEMVEI_HUMAN_CHANNEL": "console,xmpp"}
    )
    assert settings.alert_email_to == ("vakt@eksempel.no", "natt=lege@eksempel.no")
    assert settings.human_channel == ("console", "xmpp")
