"""What each rule of outside.yml must find, and what it must leave alone. Read by semgrep only, never run."""

import http.client
import logging
import os
import ssl
import subprocess
from urllib.request import urlopen

import requests

_log = logging.getLogger(__name__)

# ruleid: network-has-a-timeout
requests.get("https://provider.example/token")
# ok: network-has-a-timeout
requests.get("https://provider.example/token", timeout=4)
# ok: network-has-a-timeout
requests.Session()
# ruleid: network-object-has-a-timeout
urlopen("https://provider.example/keys")
# ok: network-object-has-a-timeout
urlopen("https://provider.example/keys", timeout=4)
# ok: network-object-has-a-timeout
http.client.HTTPConnection("provider.example", 80, 5)
# ruleid: network-object-has-a-timeout
http.client.HTTPSConnection("provider.example")

# ruleid: certificates-are-checked
requests.get("https://provider.example", timeout=4, verify=False)
# ruleid: certificates-are-checked
context = ssl._create_unverified_context()
# ok: certificates-are-checked
context = ssl.create_default_context()

# ruleid: no-shell
subprocess.run("ls " + name, shell=True)
# ruleid: no-shell
os.system("ls")
# ok: no-shell
subprocess.run(["ls", name], check=False)


def told(user, request, amount, password):
    # ruleid: no-person-in-the-log
    _log.info("log-in of %s", user.username)
    # ruleid: no-person-in-the-log
    _log.warning("wrong", extra={"facts": {"typed": password}})
    # ruleid: no-person-in-the-log
    _log.info(f"answer for {user.full_name}")
    # ruleid: no-person-in-the-log
    _log.error("body", extra={"facts": {"sent": request.POST.dict()}})
    # ok: no-person-in-the-log
    _log.info("log-in", extra={"facts": {"status": 200, "milliseconds": amount}})


# ruleid: no-secret-in-the-source
CLIENT_SECRET = "9f2c81ab77d1"
# ok: no-secret-in-the-source
CLIENT_SECRET = os.environ["KHLANG_THAID_SECRET"]
# ok: no-secret-in-the-source
password = "Type your password"


def proven(otp, row, given):
    # ruleid: secrets-compared-in-constant-time
    if otp == given:
        return True
    # ruleid: secrets-compared-in-constant-time
    if row.token_hash != given:
        return False
    # ok: secrets-compared-in-constant-time
    return hmac.compare_digest(row.token_hash, given)
