"""Requests and answers as values, so that endpoints are functions from one to the other."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

BODY_BYTES_MAX = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `query` and `form` keep the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    body: bytes
    authorization: str
    api_key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer."""

    status: HTTPStatus
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Dropped(Exception):  # noqa: N818  (no error of ours: it is asked for)
    """The connection is to be closed without an answer."""


def request_of(environ: dict[str, Any]) -> Request:
    """The request in a WSGI environment."""
    length = min(int(environ.get("CONTENT_LENGTH") or 0), BODY_BYTES_MAX)
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    is_form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/"),
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
        form=dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)) if is_form else {},
        body=body,
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        api_key=environ.get("HTTP_X_IMAUTH_APIKEY", ""),
    )


def data(content: object, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """JSON, never kept by anybody on the way."""
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Answer(status, json.dumps(content, ensure_ascii=False).encode(), headers)


def error(code: str, description: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Answer:
    """An error in ThaiD's form."""
    return data({"error": code, "error_description": description, "error_uri": ""}, status)


def page(html: str, *, form_action: str = "'self'", status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """A web page; `form_action` names where its forms may lead, redirects included."""
    policy = f"default-src 'none'; style-src 'self'; form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(status, html.encode(), headers)


def redirect(address: str) -> Answer:
    """Go on there."""
    return Answer(HTTPStatus.FOUND, headers={"Location": address, "Cache-Control": "no-store"})
