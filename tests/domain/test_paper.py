"""What a paper may be called, which links are taken, and when a file is given out."""

from __future__ import annotations

import pytest

from core.domain.paper import Scan, link_host, shown_name, withheld


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Report.pdf", "Report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\C$\\Report.pdf", "Report.pdf"),
        ("a\x00b\r\nc\x1b.pdf", "ab c.pdf"),
        ("Annual\u202efdp.exe", "Annualfdp.exe"),
        ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
        ('"><img src=x>.pdf', "---img src=x-.pdf"),
        ("Gr\u00f6\u00dfe.pdf", "Gr\u00f6\u00dfe.pdf"),
        ("\u05e9\u05dc\u05d5\u05dd.pdf", "\u05e9\u05dc\u05d5\u05dd.pdf"),
        (" .. ", "paper"),
        ("", "paper"),
        ("\u202e", "paper"),
        ("Report", "Report"),
    ],
)  # fmt: skip
def test_a_name_is_made_safe(given: str, shown: str) -> None:
    assert shown_name(given) == shown


def test_a_long_name_is_cut_and_keeps_its_end() -> None:
    name = shown_name("w" * 300 + ".docx")
    assert len(name) == 120
    assert name.endswith("w.docx")


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://cases.example/paper?id=12#top", "cases.example"),
        ("http://cases.example:8080/", "cases.example"),
        ("https://\u043f\u0440\u0438\u043c\u0435\u0440.example/", "xn--e1afmkfd.example"),
        ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)//https://cases.example", ""),
        ("data:text/html,<script>", ""),
        ("file:///etc/passwd", ""),
        ("//cases.example/x", ""),
        ("cases.example/x", ""),
        ("https://", ""),
        ("https://real.example@other.example/", ""),
        ("https://real.example\\@other.example/", ""),
        ("https://cases.example/a b", ""),
        ("https://cases.example/\u202e", ""),
        ("https://cases.example/\n", ""),
        ("https://[::1", ""),
        ("https://cases.example:99999/", ""),
        ("https://cases.example/" + "w" * 2_000, ""),
    ],
)
def test_only_a_web_address_is_a_link(link: str, host: str) -> None:
    assert link_host(link) == host


@pytest.mark.parametrize(
    ("scan", "scanner", "given"),
    [
        (Scan.CLEAN, True, True),
        (Scan.CLEAN, False, True),
        (Scan.NOT_SCANNED, False, True),
        (Scan.NOT_SCANNED, True, False),
        (Scan.COULD_NOT, False, True),
        (Scan.COULD_NOT, True, False),
        (Scan.INFECTED, False, False),
        (Scan.INFECTED, True, False),
    ],
)
def test_with_a_scanner_only_what_is_clean_is_given_out(
    scan: Scan, scanner: bool, given: bool
) -> None:
    assert (withheld(scan, scanner=scanner) == "") is given
