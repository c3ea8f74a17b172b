"""Pressing the head of a column sorts by it, and pressing again turns the list round."""

from khlang.toolkit.sorting import headings

COLUMNS = {"name": ("Name", ""), "day": ("Day", "nw"), "state": ("State", "")}


def orders(order):
    found = headings(COLUMNS, order, fixed=("state",), latest_first=("day",))
    return [(each.order, each.sorted) for each in found]


def test_a_column_begins_upwards_or_with_the_latest():
    assert orders("") == [("name", ""), ("-day", ""), ("", "")]


def test_pressing_the_sorted_column_turns_it_round():
    assert orders("name") == [("-name", "ascending"), ("-day", ""), ("", "")]
    assert orders("-name") == [("name", "descending"), ("-day", ""), ("", "")]
    assert orders("day") == [("name", ""), ("-day", "ascending"), ("", "")]
    assert orders("-day") == [("name", ""), ("day", "descending"), ("", "")]
