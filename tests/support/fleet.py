"""Several servers of one record: PostgreSQL, `coxa serve` twice, a worker, and nginx as `deploy/` has it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from coxa.adapters.store.accounts import SqlAccounts
from coxa.adapters.store.records import SqlRecords
from coxa.app.accounts import new_account, sign_in
from coxa.app.record import Person
from coxa.app.roles import Role, Tie
from coxa.bootstrap.training import screen_person
from coxa.catalog.access import access
from coxa.catalog.planning import triage
from coxa.model.screening import Answer, Screen
from tests.support.browser import free_port
from tests.support.stores import cluster, fresh_database, why_no_server

CONF = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
NAME = "localhost"
COOKIE = "__Host-coxa"
METRICS_TOKEN = "for-tests"  # noqa: S105 - of servers that live for a minute
_START_S = 90.0
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def nginx_program() -> str | None:
    """Where nginx is; Debian puts it where not everybody looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def why_no_fleet() -> str:
    """Empty: it can be started here."""
    return "nginx is not installed" if nginx_program() is None else why_no_server()


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is signed in.

    Attributes:
        person: id of the record, theirs.
        headers: that a browser sends: its cookie, and the token of its pages.
    """

    person: str
    headers: dict[str, str]


@dataclass(slots=True)
class Fleet:
    """What runs.

    Attributes:
        url: where nginx answers.
        ports: of the servers.
        data: folder of the record.
        database: URL.
        certificate: of nginx, to be trusted.
        processes: by name: ``app0``, ``app1``, ``worker``, ``nginx``.
        cores: of each server; none: any.
    """

    url: str
    ports: tuple[int, ...]
    data: Path
    database: str
    certificate: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    cores: tuple[int, ...] = ()

    def start(self, index: int) -> None:
        """A server; it answers when this returns."""
        told = ["serve", "--port", str(self.ports[index]), "--data", str(self.data), "--name", NAME]
        core = {self.cores[index % len(self.cores)]} if self.cores else None
        self.run(f"app{index}", [*told, "--accounts", "--behind-proxy", "--no-worker"], core)
        self.wait(f"app{index}", self.ports[index])

    def run(self, name: str, told: list[str], cores: set[int] | None = None) -> None:
        """A program of Coxa's."""
        with (self.data.parent / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "coxa", *told],
                env={
                    **os.environ,
                    **_ONE_THREAD,
                    "COXA_DATABASE": self.database,
                    "COXA_METRICS_TOKEN": METRICS_TOKEN,
                },
                stdout=log,
                stderr=log,
            )
        if cores:
            os.sched_setaffinity(self.processes[name].pid, cores)

    def kill(self, index: int) -> None:
        """End a server without a word."""
        process = self.processes[f"app{index}"]
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    def wait(self, name: str, port: int) -> None:
        """Until it answers."""
        until = time.monotonic() + _START_S
        while time.monotonic() < until and self.processes[name].poll() is None:
            with socket.socket() as asked:
                asked.settimeout(1.0)
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"{name} did not start: {self.said(name)}")

    def said(self, name: str) -> str:
        """The end of its log."""
        return (self.data.parent / f"{name}.log").read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        """All of them."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def fleet(cores: tuple[int, ...] = ()) -> Iterator[Fleet]:
    """Two servers, a worker and nginx, of an empty record, until the block ends.

    Args:
        cores: that the servers are pinned to, in turn; none: any.
    """
    with ExitStack() as stack:
        # nginx's own processes must reach into it, which pytest's folders do not let them.
        folder = Path(tempfile.mkdtemp(prefix="coxa-fleet-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        database = stack.enter_context(fresh_database(stack.enter_context(cluster())))
        ports, front = (free_port(), free_port()), free_port()
        certificate = make_certificate(folder)
        made = Fleet(f"https://{NAME}:{front}", ports, folder / "record", database, certificate, cores=cores)
        stack.callback(made.stop)
        for index in range(len(ports)):
            made.start(index)
        made.run("worker", ["worker", "--data", str(made.data)])
        _start_nginx(made, folder, front)
        yield made


def _start_nginx(made: Fleet, folder: Path, front: int) -> None:
    """The file of `deploy/` with addresses and folders of this machine."""
    program = nginx_program()
    assert program is not None
    text = CONF.read_text()
    for before, after in (
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{front} ssl"),
        ("app1:8000", f"127.0.0.1:{made.ports[0]}"),
        ("app2:8000", f"127.0.0.1:{made.ports[1]}"),
        ("/etc/coxa/tls", str(folder)),
        ("/run/coxa", str(folder / "run")),
        ("/dev/stdout", str(folder / "access.log")),
    ):
        assert before in text, before
        text = text.replace(before, after)
    (folder / "run").mkdir()
    conf = folder / "nginx.conf"
    conf.write_text(text)
    user = "user root; " if os.geteuid() == 0 else ""
    with (folder / "nginx.log").open("ab") as log:
        made.processes["nginx"] = subprocess.Popen(
            [program, "-p", str(folder), "-c", str(conf), "-g", f"{user}daemon off;"], stdout=log, stderr=log
        )
    made.wait("nginx", front)


def make_certificate(folder: Path) -> Path:
    """``cert.pem`` with ``key.pem`` beside it, for localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem"


def guests(made: Fleet, ends: list[str]) -> list[Guest]:
    """People who may exercise, each signed in to their own account.

    Args:
        made: the servers.
        ends: of their ids, four digits each: by these nginx chooses the server.
    """
    answers = {one.id: Answer.NO for one in triage().questions}
    found = []
    with closing(SqlRecords.open(made.data, made.database)) as records:
        accounts = SqlAccounts(records.engine)
        for index, end in enumerate(ends):
            key = f"00000000-0000-4000-8000-{index:08x}{end}"
            person = records.add_person(Person(key, f"Guest {index}"))
            screen_person(records, person, Screen(date.today(), answers, 40.0))
            account = accounts.add(new_account(f"guest{index}", f"Guest {index}", Role.PERSON), None)
            accounts.tie(account.id, person.id, Tie.SELF)
            token, login = sign_in(accounts, access(), account)
            found.append(Guest(person.id, {"cookie": f"{COOKIE}={token}", "x-csrf-token": login.csrf}))
    return found


def led_to(made: Fleet, client: httpx.Client, guest: Guest) -> int:
    """Which server a person's requests go to."""
    log = made.data.parent / "access.log"
    before = len(log.read_bytes())
    client.get(f"/api/people/{guest.person}/jobs", headers=guest.headers).raise_for_status()
    until = time.monotonic() + _START_S
    while not (said := log.read_bytes()[before:]).endswith(b"\n") and time.monotonic() < until:
        time.sleep(0.01)  # nginx writes it after the answer
    # Where one did not answer, the last one named did.
    named = [said.rfind(f"127.0.0.1:{port}".encode()) for port in made.ports]
    return named.index(max(named))
