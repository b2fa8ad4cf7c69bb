"""Encryption of whole files with age, as they are written and as they are read."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyrage  # type: ignore[import-untyped]
from pyrage.x25519 import Identity, Recipient  # type: ignore[import-untyped]

from bot.backups.refusals import BackupRefused, Why

SECRET = "AGE-SECRET-KEY-1"  # noqa: S105 - how such a key begins
MAGIC = b"age-encryption.org/"


@dataclass(frozen=True, slots=True)
class Key:
    """`identity` None: this machine can write backups and not read them."""

    recipient: Recipient
    identity: Identity | None


def read_key(written: str) -> Key | None:
    """None without one. Raises ValueError."""
    if not written:
        return None
    try:
        if written.startswith(SECRET):
            identity = Identity.from_str(written)
            return Key(identity.to_public(), identity)
        return Key(Recipient.from_str(written), None)
    except (pyrage.IdentityError, pyrage.RecipientError) as error:
        raise ValueError("this is no age key") from error


def make_key() -> tuple[str, str]:
    """A new pair: what opens backups, and what encrypts them."""
    identity = Identity.generate()
    return str(identity), str(identity.to_public())


def is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


@contextmanager
def writing(target: IO[bytes], key: Key | None) -> Iterator[IO[bytes]]:
    """What is written goes into `target`, encrypted where there is a key."""
    if key is None:
        yield target
        return
    recipient = key.recipient
    source, sink = os.pipe()

    def encrypt(reads: IO[bytes]) -> None:
        try:
            pyrage.encrypt_io(reads, target, [recipient])
        except pyrage.EncryptError as error:  # the disk is full, say
            raise OSError(str(error)) from error

    with _beside(source, encrypt), os.fdopen(sink, "wb") as into:
        yield into


@contextmanager
def _beside(descriptor: int, work: Callable[[IO[bytes]], None]) -> Iterator[None]:
    """Whatever goes wrong there is raised here, instead of the broken pipe that it leaves."""
    failed: list[BaseException] = []

    def run() -> None:
        with os.fdopen(descriptor, "rb") as reads:
            try:
                work(reads)
            except BaseException as error:  # noqa: BLE001 - raised below, in the thread that waits for it
                failed.append(error)

    thread = threading.Thread(target=run, name="age", daemon=True)
    thread.start()
    try:
        yield
    except BrokenPipeError:
        thread.join()
        if not failed:
            raise
    finally:
        thread.join()
    if failed:
        raise failed[0]


def open_into(path: Path, target: IO[bytes], key: Key | None) -> None:
    """The file as it was before it was encrypted, where it was. Raises BackupRefused."""
    if key is None or key.identity is None:
        raise BackupRefused(Why.NEEDS_KEY, path.name)
    with path.open("rb") as source:
        try:
            pyrage.decrypt_io(source, target, [key.identity])
        except pyrage.DecryptError as error:
            other = "No matching keys" in str(error)
            raise BackupRefused(Why.OTHER_KEY if other else Why.DAMAGED, path.name) from error
        except OSError as error:
            if error.errno is not None:  # ours: the disk is full, say
                raise
            raise BackupRefused(Why.DAMAGED, path.name) from error
