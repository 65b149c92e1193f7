"""What Schemathesis does not know by itself."""

import itertools
import json
import os

import schemathesis
import urllib3.util.connection

TEXTS = ("message/rfc822", "application/mbox", "application/x-ndjson", "text/csv", "text/plain")
OWN = os.environ["OWN_TOKEN"].split()  # name and id


@schemathesis.serializer(*TEXTS[:-1])
def as_it_is(ctx, value):
    """Bodies that are text of a format of their own go out as they were made."""
    if isinstance(value, dict):
        return json.dumps(value).encode()  # a row
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


@schemathesis.hook
def filter_case(ctx, case):
    is_text = case.media_type in TEXTS and case.operation.path != "/v1/score"
    if is_text and not isinstance(case.body, (str, bytes)):
        return False  # what is no text cannot be sent as one: it would go out as the text of it
    return (case.path_parameters or {}).get("name") not in OWN  # it does not take its own token away


# Each connection comes from another address of this machine: an address that fails to sign in too often is told 429,
# and then it would not be the routes that answer.
_connect = urllib3.util.connection.create_connection
_numbers = itertools.count()


def _connect_from_elsewhere(address, timeout=None, source_address=None, socket_options=None):
    number = next(_numbers)
    source = (f"127.{1 + number // 62500 % 250}.{number // 250 % 250}.{1 + number % 250}", 0)
    return _connect(address, timeout, source, socket_options)


urllib3.util.connection.create_connection = _connect_from_elsewhere
