"""`auth/` and the way back: who comes, what is asked, and the answer that the browser carries to the client."""

from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from thaid_simulator import pages
from thaid_simulator.configuration import Configuration
from thaid_simulator.faults import FaultBoard
from thaid_simulator.grants import Asked, Code, Grants
from thaid_simulator.messages import Answer, Request, error, page, redirect
from thaid_simulator.people import person

NEEDED = ("response_type", "client_id", "redirect_uri", "scope", "state")


def authorization_page(*, settings: Configuration, grants: Grants, request: Request, now: int) -> Answer:
    """`auth/`: the page that asks who one is. A client that cannot be trusted is told here, not by redirect."""
    query = request.query
    missing = [name for name in NEEDED if not query.get(name)]
    if missing:
        return error("invalid_request", f"missing parameter: {', '.join(missing)}")
    if query["client_id"] != settings.client.client_id:
        return error("unauthorized_client", "unknown client", HTTPStatus.UNAUTHORIZED)
    if query["redirect_uri"] not in settings.client.redirect_uris:
        return error("invalid_request", "redirect_uri does not match")
    asked = Asked(
        redirect_uri=query["redirect_uri"],
        scopes=tuple(query["scope"].split()),
        state=query["state"],
        nonce=query.get("nonce", ""),
        challenge=query.get("code_challenge", ""),
        challenge_method=query.get("code_challenge_method", "plain"),
        until=now + settings.page_seconds,
    )
    if query["response_type"] != "code":
        return _back(asked, error="unsupported_response_type", error_description="only code is supported")
    if not set(asked.scopes) <= settings.client.scopes:
        return _back(asked, error="invalid_scope", error_description="scope was not granted to this client")
    number = grants.keep_asked(asked)
    target = urlsplit(asked.redirect_uri)
    html = pages.consent(number=number, scopes=asked.scopes, client_id=settings.client.client_id)
    return page(html, form_action=f"'self' {target.scheme}://{target.netloc}")


def answered(*, settings: Configuration, grants: Grants, faults: FaultBoard, request: Request, now: int) -> Answer:
    """The person approved or refused: back to the client with a code, or with an error."""
    asked = grants.answer(request.form.get("number", ""))
    if asked is None:
        return error("duplicate_request", "this log-in was answered already")
    if now >= asked.until:
        return error("invalid_request", "this log-in took too long")
    if faults.take("invalid_scope"):
        return _back(asked, error="invalid_scope", error_description="scope was not granted to this client")
    if faults.take("auth_server_error"):
        return _back(asked, error="server_error", error_description="internal error")
    who = person(request.form.get("person", ""))
    if request.form.get("answer") != "approve" or who is None or faults.take("user_denied"):
        return _back(asked, error="user_denied", error_description="user denied the request")
    code = grants.keep_code(Code(asked=asked, person=who, until=now + settings.code_seconds))
    if faults.take("wrong_state"):
        return _back(asked, code=code, state=f"{asked.state[:-1]}{'a' if asked.state[-1] != 'a' else 'b'}")
    return _back(asked, code=code)


def _back(asked: Asked, **told: str) -> Answer:
    parts = {"state": asked.state, **told}
    if "error" in parts:
        parts.setdefault("error_uri", "")
    joined = "&" if urlsplit(asked.redirect_uri).query else "?"
    return redirect(f"{asked.redirect_uri}{joined}{urlencode(parts)}")
