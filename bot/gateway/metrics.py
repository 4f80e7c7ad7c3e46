"""Prometheus figures. No label ever holds a word that a person wrote, an id or an address."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.conversation.reply import Reply

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of one application, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.conversations = Counter(
            "hjemvei_conversations", "Conversations, by what happened to them.", ["event"], registry=self._registry
        )
        self._messages = Counter(
            "hjemvei_messages", "Messages answered.", ["channel", "urgency", "understood"], registry=self._registry
        )
        self._seconds = Histogram(
            "hjemvei_reply_seconds",
            "Seconds from message received to reply ready.",
            buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
            registry=self._registry,
        )
        self.deliveries = Counter(
            "hjemvei_deliveries",
            "Tries to tell people on duty: alerts, and what goes to human channels, by how they went.",
            ["kind", "channel", "outcome"],
            registry=self._registry,
        )
        self.undelivered = Gauge(
            "hjemvei_undelivered",
            "What has not come through and is given up or late.",
            ["kind"],
            registry=self._registry,
        )
        self.human_calls = Counter(
            "hjemvei_human_calls", "Calls from systems with humans.", ["channel", "outcome"], registry=self._registry
        )
        self._sms = Counter(
            "hjemvei_sms",
            "Text messages, by what happened and why.",
            ["event", "word"],
            registry=self._registry,
        )
        self._sms_seconds = Histogram(
            "hjemvei_sms_seconds",
            "Seconds to make an answer, and for the provider to take a message.",
            ["what"],
            buckets=(0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0),
            registry=self._registry,
        )
        self.errors = Counter("hjemvei_errors", "Requests refused or failed.", ["code"], registry=self._registry)

    def answered(self, channel: str, reply: Reply) -> None:
        understood = "no" if reply.topic is None else "yes"
        self._messages.labels(channel, reply.urgency, understood).inc()
        self._seconds.observe(reply.ms / 1000)

    def sms(self, event: str, word: str) -> None:
        """Something happened to a text message. ``word`` is one of a few codes, never a text, a number or an id."""
        self._sms.labels(event, word).inc()

    def sms_seconds(self, what: str, seconds: float) -> None:
        """``answer``: one was made; ``send``: the provider was asked to take one."""
        self._sms_seconds.labels(what).observe(seconds)

    def text(self) -> bytes:
        """The figures in Prometheus' text format."""
        return generate_latest(self._registry)
