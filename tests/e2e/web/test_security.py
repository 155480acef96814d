"""HTTPS, a proxy in front, and what `coxa serve` refuses: with real servers."""

from __future__ import annotations

import json
import re
import socket
import ssl
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from coxa.cli.main import app
from tests.support.browser import free_port, served

ANYWHERE = "0.0.0.0"  # noqa: S104 - it is refused


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """For localhost, by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


def asked(
    port: int, certificate: Path, path: str, headers: dict[str, str]
) -> tuple[int, dict[str, str], str]:
    context = ssl.create_default_context(cafile=str(certificate))
    connection = HTTPSConnection("localhost", port, context=context, timeout=20)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def test_https_by_a_certificate_and_logs_without_people(
    tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    cert, key = certificate
    port = free_port()
    options = ("--accounts", "--certificate", str(cert), "--key", str(key))
    whose = "11111111-2222-4333-8444-555555555555"
    with served(tmp_path / "record", *options, port=port):
        status, headers, body = asked(port, cert, "/health", {"accept": "application/json"})
        assert (status, json.loads(body)["status"]) == (200, "ok")
        assert headers["set-cookie"].startswith("__Host-coxa-visitor=")
        assert "Secure" in headers["set-cookie"]
        assert headers["strict-transport-security"]
        assert asked(port, cert, f"/p/{whose}?name=Anna", {})[0] == 401
    said = (tmp_path / "record.log").read_text(encoding="utf-8")
    assert f"Coxa is at https://127.0.0.1:{port}" in said
    assert "Nobody can sign in yet" in said
    assert whose not in said
    assert "Anna" not in said
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert [one["status"] for one in lines if one.get("route")][-2:] == [200, 401]
    assert all(re.fullmatch(r"[0-9a-f]{32}", one["request"]) for one in lines if one.get("route"))


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--host", ANYWHERE], "there are no accounts"),
        (["--host", "192.0.2.1"], "there are no accounts"),
        (["--host", ANYWHERE, "--accounts"], "without HTTPS"),
        (["--name", "coxa.example"], "there are no accounts"),
        (["--accounts", "--certificate", "README.md"], "goes with its key"),
        (["--accounts", "--certificate", "README.md", "--key", "README.md"], "no certificate with its key"),
    ],
)
def test_what_would_leave_the_record_open_is_refused(tmp_path: Path, options: list[str], fault: str) -> None:
    done = CliRunner().invoke(app, ["serve", "--port", "0", "--data", str(tmp_path / "r"), *options])
    assert done.exit_code == 3, done.output
    assert fault in done.output
    assert "Remedy" in done.output


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(app, ["serve", "--port", port, "--data", str(tmp_path / "r")])
    assert done.exit_code == 3
    assert f"port {port}" in done.output
