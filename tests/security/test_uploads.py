"""Files that somebody sends: bombs, two files in one, names that lead away, viruses; and how they are given out again."""

import io
import stat
import struct
import sys
import uuid
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from khlang.continuity import commands as continuity
from khlang.journal_vouchers import commands as vouchers
from khlang.journal_vouchers import queries
from khlang.kernel.file_kinds import check_hidden, check_name, clean_file_name, file_kind
from khlang.kernel.refusals import Refused
from khlang.toolkit import uploads
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import a_fiscal_year, sign_in
from tests.continuity import files
from tests.journal_vouchers.makers import AT, a_draft, a_team, codes

# The harmless text that every scanner knows as a virus, put together here so that none takes this file for one.
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCANNER = (
    "import sys\ndata = sys.stdin.buffer.read()\nsys.exit(1 if b'EICAR-STANDARD' + b'-ANTIVIRUS' in data else 0)\n"
)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(40) + b"\xff\xd9"


def a_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + a_chunk(b"IHDR", bytes(13))
    + a_chunk(b"IDAT", zlib.compress(bytes(4)))
    + a_chunk(b"IEND", b"")
)


def a_parcel(*names: str, content: bytes = b"<x/>", comment: bytes = b"") -> bytes:
    """An office file with the parts named."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *names):
            parcel.writestr(name, content)
        parcel.comment = comment
    return buffer.getvalue()


XLSX = a_parcel()


def found(content: bytes, name: str = "ใบเสร็จ") -> list[str]:
    return [refusal.code for refusal in check_hidden(name=name, content=content)]


@pytest.mark.parametrize("content", [PDF, JPG, PNG, XLSX, PDF + b"\r\n\r\n", JPG + bytes(2000)])
def test_an_honest_file_hides_nothing(content):
    assert file_kind(content) is not None
    assert found(content) == []


@pytest.mark.parametrize(
    "content",
    [
        PDF + b"<html><script>alert(1)</script>",
        b"%PDF-1.7\n<!DOCTYPE html><script>alert(1)</script>\n" + PDF,
        b"%PDF-1.7 <?php system($_GET['c']); ?>" + PDF,
        PDF + XLSX,
        JPG + a_parcel("evil.class"),
        PNG + a_parcel("evil.class"),
        JPG + b"<script>alert(1)</script>",
        PNG + b"<?php phpinfo(); ?>",
        PNG[:-12] + a_chunk(b"tEXt", b"x\0<html><body onload=alert(1)>") + PNG[-12:],
        XLSX + b"<html></html>",
        XLSX + PDF,
        a_parcel(comment=b"<script>alert(1)</script>"),
    ],
    ids=[
        "page behind a PDF",
        "page in its head",
        "program in its head",
        "parcel behind a PDF",
        "parcel behind a JPEG",
        "parcel behind a PNG",
        "script behind a JPEG",
        "program behind a PNG",
        "page within a PNG",
        "page behind a parcel",
        "PDF behind a parcel",
        "page in its comment",
    ],
)
def test_two_files_in_one_are_refused(content):
    assert found(content) == ["kernel.file_hides_another"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "xl\\..\\..\\evil.dll", "C:evil.dll", "xl/../../evil"]
)
def test_a_part_that_leads_away_is_refused(name):
    assert found(a_parcel(name)) == ["kernel.file_path_inside"]


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert found(a_parcel("xl/big.xml", content=bytes(60 * 2**20))) == ["kernel.file_unpacks_too_large"]


def test_a_bomb_that_lies_about_its_size_is_refused():
    bomb = bytearray(a_parcel("xl/big.xml", content=bytes(60 * 2**20)))
    # Both places where a parcel says how large a part is.
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = bomb.find(mark)
        while place >= 0:
            struct.pack_into("<I", bomb, place + offset, 10)
            place = bomb.find(mark, place + 4)

    assert found(bytes(bomb)) in (["kernel.file_damaged"], ["kernel.file_unpacks_too_large"])


def test_a_damaged_or_locked_parcel_is_refused():
    broken = bytearray(XLSX)
    broken[40:44] = b"\xff\xff\xff\xff"

    assert found(bytes(broken)) == ["kernel.file_damaged"]


@pytest.mark.parametrize(
    ("name", "is_refused"),
    [
        ("ใบเสร็จ.pdf.exe", True),
        ("ใบเสร็จ.exe.pdf", True),
        ("receipt.html", True),
        ("รูป.svg", True),
        ("receipt.PDF .SCR", True),
        ("ใบเสร็จ.pdf", False),
        ("www.bank.com.pdf", False),
        ("12.05.2567 ค่าน้ำ.jpg", False),
        ("ใบเสร็จ", False),
    ],
)
def test_a_name_that_misleads_is_refused(name, is_refused):
    assert [refusal.code for refusal in check_name(name)] == ["kernel.file_name_misleads"] * is_refused


def test_a_name_never_becomes_a_place():
    kind = file_kind(PDF)

    assert clean_file_name("..\\..\\windows\\system32\\a", kind) == "windows system32 a.pdf"
    assert clean_file_name("/etc/passwd\x00.png", kind) == "etc passwd .png.pdf"


# ---- kept and given out ------------------------------------------------------------------------------------------------


def test_a_file_is_kept_whole_readable_by_the_service_alone(tmp_path):
    place = tmp_path / "new" / "file"
    kept = uploads.keep(place, [b"one ", b"two"], name="a")

    assert (place.read_bytes(), kept.size) == (b"one two", 7)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_a_file_above_the_limit_leaves_nothing_and_is_not_read_to_its_end(tmp_path):
    def endless():
        while True:
            yield bytes(1000)

    assert uploads.keep(tmp_path / "file", endless(), name="a", limit=5000) is None
    assert list(tmp_path.iterdir()) == []


def test_a_sent_file_is_read_no_further_than_one_byte_above_the_limit():
    assert len(uploads.read(SimpleUploadedFile("a", bytes(50)), limit=10)) == 11
    assert uploads.read(None, limit=10) == b""


def test_a_file_is_given_to_be_saved_and_can_do_nothing(tmp_path):
    place = tmp_path / "file"
    place.write_bytes(b"<script>alert(1)</script>")
    answer = uploads.download(place, name="รายงาน\r\nX: y.html", media_type="text/html")
    answer.file_to_stream.close()

    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


# ---- the scanner -------------------------------------------------------------------------------------------------------


@pytest.fixture
def scanner(tmp_path, settings):
    """A real little scanner: it knows the text of EICAR."""
    program = tmp_path / "scanner.py"
    program.write_text(SCANNER, encoding="utf-8")
    settings.KHLANG_VIRUS_SCAN = f"{sys.executable} {program}"
    return program


def attach(actor, content: bytes, name: str = "scan.pdf"):
    draft = a_draft(actor).row.voucher_id
    chosen = {"voucher_id": draft, "attachment_id": uuid.uuid4(), "name": name, "content": content, "at": AT}
    return codes(vouchers.attach, actor=actor, **chosen), draft


def on_disk(actor) -> set[str]:
    folder = queries.attachment_file(entity_id=actor.entity_id, sha256="x").parent
    return {str(file) for file in folder.rglob("*") if file.is_file()} if folder.exists() else set()


@pytest.mark.django_db
def test_an_infected_file_is_refused_and_leaves_nothing(scanner):
    maker, _ = a_team()

    assert attach(maker, PDF)[0] == []
    before = on_disk(maker)
    assert attach(maker, PDF + b"%" + EICAR.encode())[0] == [("toolkit.file_infected", "file")]
    assert on_disk(maker) == before


@pytest.mark.django_db
def test_an_infected_import_is_refused_and_leaves_nothing(scanner):
    actor = a_fiscal_year()
    # Another worker's database may count its entities alike, and all share one folder.
    before = on_disk(actor)

    with pytest.raises(Refused, match=r"toolkit\.file_infected"):
        files.sent(actor, files.a_csv(files.two_rows("A-1", text=EICAR)), "journals.csv")
    assert on_disk(actor) == before


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["/no/such/scanner", f"{sys.executable} -c 'import sys; sys.exit(2)'"])
def test_a_scanner_that_fails_lets_nothing_through(settings, command):
    settings.KHLANG_VIRUS_SCAN = command
    maker, _ = a_team()
    before = on_disk(maker)

    assert attach(maker, PDF)[0] == [("toolkit.scanner_failed", "file")]
    assert on_disk(maker) == before


def test_a_scanner_that_never_ends_lets_nothing_through(settings, tmp_path, monkeypatch):
    settings.KHLANG_VIRUS_SCAN = f"{sys.executable} -c 'import time; time.sleep(30)'"
    monkeypatch.setattr(uploads, "SCAN_SECONDS", 0.3)

    with pytest.raises(Refused, match=r"toolkit\.scanner_failed"):
        uploads.keep(tmp_path / "file", [b"x"], name="a")


def test_without_a_scanner_nothing_is_asked(tmp_path, settings):
    settings.KHLANG_VIRUS_SCAN = ""

    assert uploads.keep(tmp_path / "file", [EICAR.encode()], name="a") is not None


# ---- both ways in ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (PDF + XLSX, "a.pdf", "kernel.file_hides_another"),
        (PDF, "a.pdf.exe", "kernel.file_name_misleads"),
        (a_parcel("../../x"), "a.xlsx", "kernel.file_path_inside"),
    ],
)
def test_a_voucher_takes_no_such_file(content, name, code):
    maker, _ = a_team()

    assert attach(maker, content, name)[0] == [(code, "file")]


@pytest.mark.django_db
def test_an_import_takes_no_such_file():
    actor = a_fiscal_year()
    workbook = io.BytesIO(files.a_workbook(files.two_rows("A-1")))
    with zipfile.ZipFile(workbook, "a") as parcel:
        parcel.writestr("../../etc/cron.d/evil", b"x")

    view = files.sent(actor, workbook.getvalue())
    assert "kernel.file_path_inside" in str(files.reasons(view))
    with pytest.raises(Refused, match=r"kernel\.file_name_misleads"):
        continuity.upload(actor=actor, import_id=uuid.uuid4(), file_name="a.csv.exe", chunks=[b"x"], at=AT)


@pytest.mark.django_db
def test_the_name_of_an_import_leads_nowhere_else(settings):
    actor = a_fiscal_year()

    view = files.sent(actor, files.a_csv(files.two_rows("A-1")), "../../../../tmp/evil/../../a.csv")

    assert view.file_name == "a.csv"
    assert all(file.startswith(str(Path(settings.KHLANG_HOME) / "attachments")) for file in on_disk(actor))
    assert all(stat.S_IMODE(Path(file).stat().st_mode) == 0o600 for file in on_disk(actor))


@pytest.mark.django_db
def test_an_attachment_of_another_voucher_is_not_given_under_this_one(client):
    maker, _ = a_team()
    (_, one), other = attach(maker, PDF), a_draft(maker).row.voucher_id
    with entity_transaction(maker.entity_id):
        (file,) = queries.attachments(voucher_id=one)
    sign_in(client, maker)

    right = client.get(f"/{maker.entity_code}/vouchers/{one}/files/{file.attachment_id}/")
    assert b"".join(right.streaming_content) == PDF
    assert client.get(f"/{maker.entity_code}/vouchers/{other}/files/{file.attachment_id}/").status_code == 404
