"""Log lines as JSON, one a line, with the request's number and without names of people."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("khlang_request_id", default="")
request_address: ContextVar[str] = ContextVar("khlang_request_address", default="")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, request number, and the facts given in `extra={"facts": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """One log record as one line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        facts = getattr(record, "facts", None)
        if isinstance(facts, dict):
            line.update(facts)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
