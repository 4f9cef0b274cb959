"""What is printed: tagged PDF/UA, set by typst from the .typ files beside this one."""

import json
from functools import cache
from pathlib import Path

import typst

HERE = Path(__file__).parent


@cache
def _template(name: str) -> bytes:
    return (HERE / f"{name}.typ").read_bytes()


def set_paper(name: str, said: dict) -> bytes:
    """The paper of that name. What is said reaches it as data, never as markup."""
    return typst.compile(
        _template(name),
        sys_inputs={"said": json.dumps(said)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,  # the same sheet on every machine
    )
