"""Files that respondents send: known by content, refused when they are two things at once (B12)."""

import pytest
from tests.collect.survey import every_type

from mindgap.collect.survey import attachment
from mindgap.collect.survey.attachment import Upload
from mindgap.collect.survey.fault import Fault
from mindgap.keep.definition import Question

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40 + b"IEND\xaeB`\x82"
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40 + b"\xff\xd9"
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def take(content: bytes, name: str = "a.png", **more) -> str:
    """The kind of a file, or the code of its fault."""
    question = Question(
        code="f",
        type="file",
        text={"en": "F"},
        **{"accepts": ("png", "gif", "jpeg", "pdf", "txt"), "most": 1, **more},
    )
    try:
        return attachment.check(Upload(name, content), question).kind
    except Fault as fault:
        return fault.code


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "png"), (GIF, "gif"), (JPG, "jpg"), (PDF, "pdf"), ("说明\n".encode(), "txt")]
)
def test_the_content_says_what_it_is_whatever_the_name(content: bytes, kind: str) -> None:
    assert take(content, name="x.exe") == kind


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><a href="javascript:1"/></svg>',
        b'<?xml version="1.0"?><!DOCTYPE svg SYSTEM "http://x/y.dtd"><svg>',
        b"GIF89a/*" + GIF[8:-1] + b"*/=1;alert(1);",
        b"GIF89a=1;alert(1);",
        GIF + b"<script>alert(1)</script>;",
        PNG + b"PK\x03\x04aaaaPK\x05\x06" + b"\x00" * 18,
        JPG + b"<?php system($_GET[0]); ?>",
        PNG + b"trailing",
        PDF + b"<< /S /JavaScript /JS (app.alert(1)) >>",
        EICAR,
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01",
        b"PK\x03\x04" + b"\x00" * 100,
        b"#!/bin/sh\x00",
    ],
)
def test_what_is_something_else_or_two_things_is_refused(content: bytes) -> None:
    assert take(content) == "file_kind"


def test_size_and_kind_are_those_of_the_question() -> None:
    assert take(PNG[:-8] + b"\x00" * 1_048_576 + PNG[-8:]) == "file_large"
    assert take(b"") == "file_empty"
    assert take(GIF, accepts=("png",)) == "file_kind"
    assert take(PNG, accepts=("exe", "svg")) == "png"
    assert attachment.most_mb(Question(code="f", type="file", text={}, most=5000)) == attachment.MOST_MB


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\x\\a.b.jpg", "a.b.png"),
        ("<img src=x onerror=alert(1)>.png", "img src=x onerror=alert(1).png"),
        ("a\u202egnp.exe", "agnp.png"),
        ("", "file.png"),
        ("收据.jpg", "收据.png"),
        ("x" * 300 + ".png", "x" * 80 + ".png"),
        ("a\x00b\r\nc.png", "abc.png"),
    ],
)
def test_names_steer_nothing(sent: str, kept: str) -> None:
    assert attachment.clean_name(sent, "png") == kept


def test_only_kinds_that_content_can_tell_are_offered() -> None:
    assert attachment.kinds(every_type.every_type().question("file")) == ("jpg", "png", "gif", "pdf")
