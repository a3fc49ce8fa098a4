"""Run a command beside a throw-away PostgreSQL: python tools/with_postgres.py COMMAND...

The server is made in a temporary folder, listens on a socket there and nowhere else, runs as somebody who is
not root, and is stopped by its process id when the command ends. The command finds its URL, which holds a
password, in OPENPEEL_TEST_POSTGRES. Where no PostgreSQL is installed the command runs without the variable.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VARIABLE = "OPENPEEL_TEST_POSTGRES"
USER, DATABASE = "openpeel", "postgres"
WAIT = 60  # seconds until the server must be there


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: the newest of Debian's, or where PATH leads."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def server_account() -> str | None:
    """Who runs the server: root may not, and gives it to somebody else."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


def start(bin_: Path, folder: Path, account: str | None) -> tuple[subprocess.Popen[bytes], str]:
    """Make a database cluster and start its server."""
    password, secret = secrets.token_hex(16), folder / "password"
    secret.write_text(password)
    if account:
        entry = pwd.getpwnam(account)
        for path in (folder, secret):
            os.chown(path, entry.pw_uid, entry.pw_gid)
    as_account = (
        {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []} if account else {}
    )
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, **as_account}
    data = folder / "data"
    subprocess.run(
        [bin_ / "initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8",
         "--locale=C", "--no-sync"],
        check=True, **quiet,
    )  # fmt: skip
    secret.unlink()
    # Nothing here outlives the command, so nothing need be flushed.
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off",
                "max_connections": "60", "shared_buffers": "32MB", "logging_collector": "off"}  # fmt: skip
    arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = (folder / "log").open("wb")
    server = subprocess.Popen([bin_ / "postgres", "-D", data, *arguments], stderr=log, **quiet)
    return server, f"postgresql://{USER}:{password}@/{DATABASE}?host={folder}"


def wait(bin_: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers."""
    until = time.monotonic() + WAIT
    while subprocess.run([bin_ / "pg_isready", "-q", "-h", folder], check=False).returncode:
        if server.poll() is not None or time.monotonic() > until:
            sys.exit("with_postgres: PostgreSQL does not start:\n" + (folder / "log").read_text()[-2000:])
        time.sleep(0.05)


def main(command: list[str]) -> int:
    """Run the command."""
    bin_, account = programs(), server_account()
    if bin_ is None or (os.geteuid() == 0 and account is None):
        print("with_postgres: no PostgreSQL here that could be started; going on without", file=sys.stderr)
        return subprocess.run(command, check=False).returncode
    folder = Path(tempfile.mkdtemp(prefix="openpeel-pg-", dir="/tmp"))  # a socket's path must be short
    server = None
    try:
        server, url = start(bin_, folder, account)
        wait(bin_, folder, server)
        return subprocess.run(command, env={**os.environ, VARIABLE: url}, check=False).returncode
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)  # connections are cut, then it ends
            server.wait(WAIT)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
