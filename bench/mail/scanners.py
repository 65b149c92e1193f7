"""The scanners to compare with, each started here, offline, on loopback, and ended by its id.

Both run as their packages ship them, less what needs a network or has no data: name look-ups,
block lists, fuzzy hashes, SPF, DKIM, DMARC and ARC, statistics (Bayes, neural, reputation), Redis.
"""

import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

# Rspamd's modules that ask a network or a database. Without them it does less work for each mail:
# the comparison errs in its favour.
RSPAMD_MODULES_OFF = (
    "antivirus arc asn clickhouse dkim dkim_signing dmarc elastic external_services fuzzy_check "
    "greylist history_redis metadata_exporter metric_exporter mx_check neural once_received "
    "ratelimit rbl replies reputation rspamd_update spf surbl url_redirector").split()
READY_SECONDS = 180  # Rspamd compiles its suffix list and expressions first


def find(program):
    """The path of a program; daemons lie where users' paths do not look."""
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Scanner:
    """One server process; its children scan."""

    def _start(self, command, log):
        self._log = log
        with open(log, "wb") as output:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                             stderr=output, start_new_session=True)

    def _wait_until(self, ready):
        end = time.monotonic() + READY_SECONDS
        while not ready():
            if self._process.poll() is not None or time.monotonic() > end:
                with open(self._log, encoding="utf-8", errors="replace") as log:
                    tail = log.read()[-2000:]
                self.close()
                raise RuntimeError(f"{self.name} did not start:\n{tail}")
            time.sleep(0.2)

    def _children(self):
        pid = self._process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return file.read().split()

    def cpu_seconds(self):
        """User and system time of the children, with what they reaped (proc(5), stat 14 to 17)."""
        ticks = 0
        for pid in self._children():
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def scan_all(self, mails):
        """Scans the mails one after the other. Returns (CPU seconds, scores)."""
        workers, before = self._children(), self.cpu_seconds()
        scores = [self.scan(mail) for mail in mails]
        if self._children() != workers:
            raise RuntimeError(f"{self.name}: a worker ended during the round")
        return self.cpu_seconds() - before, scores

    def close(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Rspamd(Scanner):
    name = "rspamd"

    def __init__(self, folder):
        for place in ("db", "run", "log", "conf/override.d"):
            os.makedirs(os.path.join(folder, place))
        self._port = _free_port()
        self._names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # answers nothing, counts
        self._names.bind(("127.0.0.1", 0))
        self._names.setblocking(False)
        self._configure(folder)
        command = [find("rspamd"), "-f"]
        command += [f"--var={name}={os.path.join(folder, place)}" for name, place in
                    (("DBDIR", "db"), ("RUNDIR", "run"), ("LOGDIR", "log"),
                     ("LOCAL_CONFDIR", "conf"))]
        if os.geteuid() == 0:
            command += ["-u", "_rspamd", "-g", "_rspamd"]
            owner = pwd.getpwnam("_rspamd")
            for parent, _, _ in os.walk(folder):
                os.chown(parent, owner.pw_uid, owner.pw_gid)
        self._messages = os.path.join(folder, "log", "rspamd.log")
        self._start(command, os.path.join(folder, "rspamd.out"))
        self._wait_until(self._has_its_expressions)

    def _configure(self, folder):
        def override(name, text):
            _write(os.path.join(folder, "conf/override.d", name), text)

        override("options.inc", f"""
            dns {{ nameserver = ["127.0.0.1:{self._names.getsockname()[1]}"];
                   timeout = 0.1s; retransmits = 1; sockets = 1; }}
            control_socket = "{folder}/run/rspamd.sock mode=0600";
            disable_monitoring = true;
            """)
        override("worker-normal.inc", f'bind_socket = "127.0.0.1:{self._port}"; count = 1;')
        for worker in ("controller", "proxy", "fuzzy"):
            override(f"worker-{worker}.inc", "enabled = false;")
        for module in RSPAMD_MODULES_OFF:
            override(f"{module}.conf", "enabled = false;")
        # Look-ups inside modules that otherwise work offline.
        override("phishing.conf", "phishtank_enabled = false;")
        override("hfilter.conf", "".join(f"{side}_enabled = false; " for side in
                                         ("helo", "hostname", "from", "rcpt")))

    def _has_its_expressions(self):
        """Only then are regular expressions matched by Hyperscan instead of one by one."""
        if not os.path.exists(self._messages):
            return False
        with open(self._messages, encoding="utf-8", errors="replace") as log:
            return any("(normal)" in line and "hyperscan database" in line
                       and "has been loaded" in line for line in log)

    def scan_all(self, mails):
        found = super().scan_all(mails)
        if self._asked_for_names():
            raise RuntimeError("rspamd asked for names: it did not run offline")
        return found

    def _asked_for_names(self):
        """Whether there were look-ups since the last call, other than for its own maps' host."""
        asked = False
        while True:
            try:
                asked |= b"\x04maps\x06rspamd" not in self._names.recv(4096)
            except BlockingIOError:
                return asked

    def scan(self, mail):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request("POST", "/checkv2", body=mail)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return float(answer["score"])

    def close(self):
        super().close()
        self._names.close()


class SpamAssassin(Scanner):
    name = "spamassassin"

    def __init__(self, folder):
        os.makedirs(folder)
        self._port = _free_port()
        command = [find("spamd"), "--local", "--nouser-config", "--max-children=1",
                   "--max-conn-per-child=1000000", f"--listen=127.0.0.1:{self._port}",
                   f"--pidfile={folder}/pid", "--syslog=stderr",
                   "--cf=use_bayes 0", "--cf=use_auto_welcomelist 0"]
        if os.geteuid() == 0:
            command += ["-u", "nobody"]
        self._start(command, os.path.join(folder, "spamd.out"))
        self._wait_until(self._answers)

    def _answers(self):
        try:
            return self._ask(b"PING SPAMC/1.5\r\n\r\n").split()[1:] == [b"0", b"PONG"]
        except OSError:
            return False

    def _ask(self, request):
        with socket.create_connection(("127.0.0.1", self._port), timeout=300) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def scan(self, mail):
        head = f"SYMBOLS SPAMC/1.5\r\nContent-length: {len(mail)}\r\n\r\n".encode()
        for line in self._ask(head + mail).split(b"\r\n\r\n")[0].split(b"\r\n"):
            if line.startswith(b"Spam:"):  # "Spam: True ; 15.2 / 5.0"
                return float(line.split(b";")[1].split(b"/")[0])
        raise RuntimeError("spamassassin gave no score")
