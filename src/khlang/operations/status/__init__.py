"""The status program: looks at the system twice a minute from outside, keeps what it saw, and shows it when all else is down.

It opens no connection to the database: what it cannot see over HTTP or in the traffic log, it says it does not know.
"""

from khlang.operations.status.keeper import Keeper
from khlang.operations.status.server import StatusServer

__all__ = ["Keeper", "StatusServer"]
