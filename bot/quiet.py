"""Nothing that a person wrote reaches a log, at any level, whichever library would write it.

Rasa logs the text of messages, the slots and whole events. Its levels cannot be trusted to hide them (exceptions
carry text too), so this is turned off at the source: every log record that is not our own is stripped of its words
when it is made, before any handler sees it. What stays tells where it came from, how grave it is, and the kind of
the exception with the lines it passed.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings
from types import TracebackType
from typing import Any, cast

OWN = "hjemvei"
"""Loggers below this name are ours: what they are given is written for a log."""


def be_quiet(level: int = logging.INFO, *, rasa: bool = True) -> None:
    """Set up logging for the process. Called once, before Rasa is imported.

    ``rasa``: Rasa may be imported later, and with it the structured logger, which takes a fifth of a second itself.
    """
    # Rasa, TensorFlow and their needs warn of each other's age at import; none of it is for whoever runs this.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.showwarning = lambda *args, **kwargs: None
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    logging.setLogRecordFactory(_record)
    if rasa:
        withhold_text()
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr, force=True
    )
    logging.getLogger(OWN).setLevel(level)


def withhold_text() -> None:
    """Strip every record that is not our own, and send Rasa's structured logger the same way."""
    import structlog

    logging.setLogRecordFactory(_record)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _only_event],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    if record.exc_info and record.exc_info[0] is not None:
        record.exc_text = _without_words(record.exc_info[0], record.exc_info[2])
        record.exc_info = None
    if record.name != OWN and not record.name.startswith(f"{OWN}."):
        record.msg = f"{record.module}:{record.lineno}"
        record.args = ()
    return record


def _without_words(kind: type[BaseException], trace: TracebackType | None) -> str:
    """The exception's kind and the lines it passed, without what it said."""
    lines = (f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace))
    return "\n".join([kind.__name__, *lines])


def _only_event(logger: Any, method: str, event: Any) -> tuple[tuple[str], dict[str, Any]]:
    return (cast(str, event.get("event", "")),), {}
