"""A collector that reads traces as OpenTelemetry's protobuf definitions have them.

collector.py WINNOW WORKSPACE
"""

import base64
import http.server
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEADERS = {"x-api-key": "k1", "authorization": "Bearer c1"}
received = []


def with_base64_ids(value):
    """OTLP writes ids as hexadecimal digits, where protobuf's JSON has base64."""
    if isinstance(value, list):
        return [with_base64_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    ids = ("traceId", "spanId", "parentSpanId")
    return {
        key: base64.b64encode(bytes.fromhex(item)).decode() if key in ids else with_base64_ids(item)
        for key, item in value.items()
    }


class Collector(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        received.append((self.path, {name: self.headers[name] for name in (*HEADERS, "content-type")}, body))
        answer = b'{"partialSuccess":{}}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


def read(path, headers, body):
    assert path == "/v1/traces", path
    assert headers == {**HEADERS, "content-type": "application/json"}, headers
    # Unknown names are errors: it is what the definitions have, and nothing else.
    return json_format.ParseDict(with_base64_ids(json.loads(body)), ExportTraceServiceRequest())


def main():
    winnow, workspace = sys.argv[1:]

    def token(name, role):
        made = subprocess.run([winnow, "tokens", "create", name, "--role", role, "--workspace", workspace],
                              check=True, capture_output=True, text=True)
        return made.stdout.strip()

    sensor, analyst = token("gateway", "sensor"), token("ann", "analyst")
    collector = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    headers = os.path.join(workspace, "headers")
    with open(headers, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.writelines(f"{name}: {value}\n" for name, value in HEADERS.items())
    telemetry = {"ENDPOINT": f"http://127.0.0.1:{collector.server_port}", "HEADERS_FILE": headers, "RATIO": "1"}
    server = subprocess.Popen([winnow, "serve", "--listen", "127.0.0.1:0", "--workspace", workspace],
                              env={**os.environ, **{"WINNOW_TELEMETRY__OTLP__" + key: value for key, value in telemetry.items()}},
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        url = server.stdout.readline().split()[-1]
        for method, path, who, body in (("GET", "/v1/me", analyst, None), ("GET", "/v1/decisions", analyst, None),
                                        ("POST", "/v1/events/gateway", sensor, b'{"sender":"a@b.example","subject":"x"}\n')):
            request = urllib.request.Request(url + path, method=method, data=body, headers={
                "Authorization": "Bearer " + who, "Content-Type": "application/x-ndjson",
                "traceparent": f"00-{TRACE}-{CALLER}-01"})
            with urllib.request.urlopen(request) as answer:
                assert answer.headers["traceresponse"].startswith(f"00-{TRACE}-"), answer.headers
    finally:
        server.terminate()
        server.wait()
    collector.shutdown()

    spans, names = [], set()
    for request in received:
        for resource in read(*request).resource_spans:
            about = {item.key: item.value.string_value for item in resource.resource.attributes}
            assert about["service.name"] == "winnow" and about["service.version"], about
            for scope in resource.scope_spans:
                assert scope.scope.name == "winnow"
                spans.extend(scope.spans)
    now = time.time_ns()
    for span in spans:
        names.add(span.name)
        assert len(span.trace_id) == 16 and len(span.span_id) == 8, span
        assert now - 60_000_000_000 < span.start_time_unix_nano <= span.end_time_unix_nano <= now, span
        assert span.trace_id.hex() == TRACE, span
    whole = {span.name: span for span in spans if span.kind == Span.SPAN_KIND_SERVER}
    assert set(whole) == {"GET /v1/me", "GET /v1/decisions", "POST /v1/events/{source}"}, names
    for span in whole.values():
        attributes = {item.key: item.value for item in span.attributes}
        assert span.parent_span_id.hex() == CALLER
        assert attributes["http.response.status_code"].int_value in (200, 202)
        assert attributes["http.route"].string_value == span.name.split()[1]
    parts = [span for span in spans if span.kind == Span.SPAN_KIND_INTERNAL]
    assert {"wait", "store records"} <= {span.name for span in parts}, names
    assert all(span.parent_span_id in {one.span_id for one in whole.values()} for span in parts)
    print(f"opentelemetry-proto: {len(spans)} spans in {len(received)} requests, each as its definitions have it")


main()
