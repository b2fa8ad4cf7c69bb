"""The pictures of a case as far as a page needs to know them: without their bodies, which are large."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.case_pictures import CasePictureRow


class PictureFacts(NamedTuple):
    id: int
    state: str
    width: int | None
    height: int | None
    why: str


def list_of_case(db: Session, case_id: int, *, limit: int) -> dict[int, PictureFacts]:
    """By their ids."""
    columns = (
        CasePictureRow.id, CasePictureRow.state, CasePictureRow.width, CasePictureRow.height, CasePictureRow.why,
    )  # fmt: skip
    found = db.execute(select(*columns).where(CasePictureRow.case_id == case_id).limit(limit))
    return {row.id: PictureFacts(*row) for row in found}
