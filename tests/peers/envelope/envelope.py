"""Makes a workspace with two runs, signed before and after a key rotation, and verifies their records with
securesystemslib (DSSE) and in-toto-attestation. Then changes each record, and wants a refusal."""

import base64
import json
import pathlib
import subprocess
import sys
import tempfile

from google.protobuf import json_format
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementMessage
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

WINNOW = str(pathlib.Path(sys.argv[1]).resolve())


def make_workspace(folder):
    def winnow(*words):
        subprocess.run([WINNOW, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    winnow("init", ".")
    winnow("intel", "import", "content/intel/intel.yaml")
    winnow("keys", "rotate")
    winnow("intel", "import", "content/intel/intel.yaml")


def keys_of(folder):
    ring = json.loads((folder / "data/keys/ring.json").read_text())
    return [SSlibKey(key["id"], "ed25519", "ed25519", {"public": base64.b64decode(key["public"]).hex()})
            for key in ring["keys"]]


def envelopes_of(folder):
    for path in sorted((folder / "data/objects").rglob("*")):
        if path.is_file():
            text = path.read_bytes()
            if text.startswith(b'{"payload":'):
                yield json.loads(text)


def check(record, keys):
    """Raises unless the record verifies and changes of it do not."""
    envelope = Envelope.from_dict(record)
    signer = [key for key in keys if key.keyid in envelope.signatures]
    envelope.verify(signer, 1)
    Statement.copy_from_pb(json_format.Parse(envelope.payload, StatementMessage())).validate()
    for changed in (Envelope(envelope.payload + b" ", envelope.payload_type, envelope.signatures),
                    Envelope(envelope.payload, envelope.payload_type + "x", envelope.signatures)):
        try:
            changed.verify(signer, 1)
        except VerificationError:
            continue
        raise AssertionError("a changed record was accepted too")
    return signer[0].keyid


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_workspace(folder)
        keys = keys_of(folder)
        signers = [check(record, keys) for record in envelopes_of(folder)]
    print(f"envelope: {len(signers)} run records by {len(set(signers))} keys verify as DSSE and in-toto statements")
    sys.exit(0 if len(set(signers)) == 2 else 1)


main()
