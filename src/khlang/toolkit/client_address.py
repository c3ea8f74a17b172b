"""Where a request comes from, believing only our own front proxies."""

from collections.abc import Collection
from ipaddress import ip_address


def client_address(*, peer: str, forwarded: str, proxies: Collection[str]) -> str:
    """The address of the sender: the peer, or what our proxies say in X-Forwarded-For, read from the right.

    Anything that is no address gives an empty text: it is written into the record of acts.
    """
    chain = [part.strip() for part in forwarded.split(",") if part.strip()] if peer in proxies else []
    candidate = peer
    for address in reversed(chain):
        candidate = address
        if address not in proxies:
            break
    try:
        return str(ip_address(candidate))
    except ValueError:
        return ""
