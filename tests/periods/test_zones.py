"""The zones that are accepted, and whose data answers for them."""

from __future__ import annotations

import subprocess
import sys
import zoneinfo
from importlib import metadata, resources

import pytest

from distbilling.errors import InvalidType, InvalidValue
from distbilling.periods import Monthly, TzdataInForce, iana_version, iana_zone, zone_names


@pytest.fixture
def chosen_folders():
    """Let a test choose the folders of zone data, as a host may."""
    yield lambda *folders: zoneinfo.reset_tzpath(to=[str(folder) for folder in folders])
    zoneinfo.reset_tzpath()


def test_every_name_of_the_list_is_a_zone_with_rules():
    assert len(zone_names()) > 590
    assert "Factory" not in zone_names()
    assert all(zoneinfo.ZoneInfo(name) for name in zone_names())


@pytest.mark.parametrize(
    "name",
    ["Europe/Kyiv", "Europe/Kiev", "US/Eastern", "UTC", "Etc/GMT+5", "America/Argentina/Ushuaia"],
)
def test_names_of_the_list_are_accepted_links_included(name):
    assert iana_zone(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "localtime",
            "posixrules",
            "UTC0",
            "EST5",
            "EST5EDT,M3.2.0,M11.1.0",
            "<+03>-3",
            ":UTC",
            "tzdata.zi",
        ),
        *(
            "/etc/localtime",
            "../UTC",
            "./UTC",
            "Europe/../UTC",
            "right/UTC",
            "posix/UTC",
            "/usr/share/zoneinfo/UTC",
        ),
        *(
            "Factory",
            "utc",
            "america/new_york",
            "America/new_York",
            "America\\New_York",
            "America/New York",
        ),
        *(
            "",
            " ",
            "UTC ",
            " UTC",
            "UTC\n",
            "UTC\0",
            "\uff35\uff34\uff23",
            "+01:00",
            "Z",
            "local",
            "Mars/Olympus",
            "x" * 100_000,
        ),
    ],
)
def test_any_other_name_is_refused(name):
    with pytest.raises(InvalidValue) as refusal:
        Monthly(name)
    assert (refusal.value.field, refusal.value.value) == ("zone", name)
    assert "an IANA time zone" in refusal.value.accepted


@pytest.mark.parametrize("zone", [None, 3, 1.5, b"UTC", zoneinfo.ZoneInfo("UTC"), ["UTC"]])
def test_a_zone_is_given_by_name(zone):
    with pytest.raises(InvalidType) as refusal:
        Monthly(zone)
    assert refusal.value.field == "zone"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("america/new_york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("Europe/Zuerich", "Europe/Zurich"),
        ("utc ", "UTC"),
    ],
)
def test_a_name_close_to_one_of_the_list_gets_a_suggestion(typed, meant):
    with pytest.raises(InvalidValue, match=rf"did you mean '{meant}'\?"):
        iana_zone(typed)


def test_a_name_like_no_other_gets_no_suggestion():
    with pytest.raises(InvalidValue, match=r"give an IANA time zone$"):
        iana_zone("Barsoom!")


def test_the_field_that_holds_the_zone_is_named():
    with pytest.raises(InvalidValue, match=r"^self_care_zone: 'Mars'"):
        iana_zone("Mars", "self_care_zone")


def test_text_of_another_class_becomes_plain_text():
    class Name(str):
        __slots__ = ()

    assert type(Monthly(Name("UTC")).zone) is str


def test_the_wheel_answers_where_the_host_names_no_folder(chosen_folders):
    chosen_folders()
    wheel = (resources.files("tzdata") / "zoneinfo" / "tzdata.zi").read_text("utf-8").split()[2]
    assert iana_version() == TzdataInForce(wheel, "tzdata wheel")
    assert str(iana_version()) == f"{wheel} (tzdata wheel)"
    assert metadata.version("tzdata").startswith(wheel[:4])


def test_the_first_folder_that_has_the_zone_answers_and_names_its_edition(chosen_folders, tmp_path):
    bsd, debian, bare = (tmp_path / name for name in ("bsd", "debian", "bare"))
    for folder, zone in ((bsd, "Africa"), (debian, "Asia"), (bare, "Europe")):
        (folder / zone).mkdir(parents=True)
    (bsd / "Africa/Cairo").touch()
    (bsd / "+VERSION").write_text("2024a\n")
    (debian / "Asia/Amman").touch()
    (debian / "tzdata.zi").write_text("# version 2025b\n# rules follow\n")
    (bare / "Europe/Paris").touch()
    chosen_folders(bsd, debian, bare)
    assert iana_version("Africa/Cairo") == TzdataInForce("2024a", str(bsd))
    assert iana_version("Asia/Amman") == TzdataInForce("2025b", str(debian))
    assert iana_version("Europe/Paris") == TzdataInForce("unknown", str(bare))
    assert iana_version("America/Havana").source == "tzdata wheel"


def test_the_edition_is_asked_of_known_zones_only():
    with pytest.raises(InvalidValue, match=r"^zone: "):
        iana_version("posixrules")


@pytest.mark.parametrize(
    "host",
    [
        {"TZ": "Pacific/Apia"},
        {"TZ": "America/Sao_Paulo", "PYTHONTZPATH": ""},
        {"TZ": "UTC0"},
    ],
    ids=str,
)
def test_the_system_zone_of_a_host_does_not_matter(host):
    told = subprocess.run(
        [sys.executable, "-c", ASKED],
        env=host | {"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == [
        "BillingPeriod.between('America/New_York', '2026-03-01', '2026-04-01')",
        "1772341200000000 1775016000000000",
        "False",
    ]


ASKED = """
import datetime as dt
import pendulum
pendulum.set_locale("fr")
pendulum.week_starts_at(pendulum.WeekDay.WEDNESDAY)
pendulum.set_local_timezone(pendulum.timezone("Asia/Kathmandu"))
from distbilling.periods import Monthly, Weekly
march = Monthly("America/New_York").period_at(dt.datetime(2026, 3, 15, tzinfo=dt.UTC))
print(repr(march))
print(march.start_microseconds, march.end_microseconds)
print(Weekly("UTC").period_at(march.start).first_day.strftime("%a") != "Mon")
"""
