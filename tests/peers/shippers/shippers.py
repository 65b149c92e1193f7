"""Ships rows with a real client and asks the server how many it accepted.

shippers.py WINNOW WORKSPACE CLIENT
"""

import json
import logging
import subprocess
import sys
import urllib.request

ROWS = 250


def rows():
    for number in range(ROWS):
        yield {"sender": "ann@shop.example", "subject": f"row {number}", "body": "the text"}


def ship_elasticsearch(url, token):
    from elasticsearch import Elasticsearch, helpers

    for authentication in ({"basic_auth": ("any", token)}, {"api_key": ("any", token)}):
        client = Elasticsearch(url, **authentication)
        assert client.ping()
        assert client.info()["version"]["number"]
        done, errors = helpers.bulk(client, ({"_index": "mails", "_source": row} for row in rows()))
        assert (done, errors) == (ROWS, []), (done, errors)
    refused = Elasticsearch(url, api_key=("any", "wrong"))
    try:
        helpers.bulk(refused, [{"_index": "mails", "_source": {"subject": "x"}}])
    except Exception as error:
        assert type(error).__name__ == "AuthenticationException", error
    else:
        raise AssertionError("a wrong key is refused")
    return 2 * ROWS


def ship_splunk(url, token):
    from splunk_handler import SplunkHandler

    host, port = url.removeprefix("http://").split(":")
    handler = SplunkHandler(host=host, port=port, token=token, index="mails", protocol="http",
                            source="mail-log", flush_interval=0.1)
    log = logging.getLogger("shipped")
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    for row in rows():
        log.info(json.dumps(row))
    handler.force_flush()
    handler.shutdown()
    return ROWS


def ship_splunk_acknowledged(url, token):
    """A client that holds back what it sent until its acknowledgement says that it is safe."""
    import queue

    from splunk_hec import splunk_hec

    host, port = url.removeprefix("http://").split(":")
    for input_type in ("json", "raw"):
        given_up = queue.Queue()
        client = splunk_hec(token, host, port, input_type=input_type, use_hec_tls=False, use_ack=True,
                            ack_interval=0, max_events_per_batch=100, backup_queue=given_up, logger=logging)
        for row in rows():
            client.send_event({"event": row, "source": "mail-log"} if input_type == "json" else row)
        client.stop_threads_and_processing()
        assert given_up.empty(), f"{given_up.qsize()} rows were not acknowledged"
    return 2 * ROWS


SHIP = {"elasticsearch": ship_elasticsearch, "splunk-handler": ship_splunk, "splunk-hec-ftf": ship_splunk_acknowledged}


def main():
    winnow, workspace, client = sys.argv[1:]

    def token(name, role):
        made = subprocess.run([winnow, "tokens", "create", name, "--role", role, "--workspace", workspace],
                              check=True, capture_output=True, text=True)
        return made.stdout.strip()

    sensor, analyst = token("shipper", "sensor"), token("ann", "analyst")
    server = subprocess.Popen([winnow, "serve", "--listen", "127.0.0.1:0", "--workspace", workspace],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        url = server.stdout.readline().split()[-1]
        shipped = SHIP[client](url, sensor)
        request = urllib.request.Request(url + "/v1/status", headers={"Authorization": "Bearer " + analyst})
        with urllib.request.urlopen(request) as answer:
            waiting = json.load(answer)["spool"]["records"]
        assert waiting == shipped, (waiting, shipped)
        print(f"{client}: {shipped} rows shipped, {waiting} wait to be decided")
    finally:
        server.terminate()
        server.wait()


main()
