"""Counties that web addresses spell. The hosts are put together after the ways of writing, not taken from a list."""

import pytest

from ingest.gazetteer import gazetteer
from ingest.hosts import find_county, weigh_host


@pytest.mark.parametrize(
    ("url", "county", "strength"),
    [
        ("http://www.anxi.gov.cn/zwgk/a.html", "cn:350524", 3),
        ("https://tonghaixian.gov.cn/", "cn:530423", 3),
        ("www.qzlc.gov.cn/zwgk/202303/t1.htm", "cn:350502", 2),
        ("http://www.tjjh.gov.cn/x", "cn:120118", 2),
        ("http://www.fjax.gov.cn", "cn:350524", 2),
        ("http://ax.gov.cn", "cn:350524", 0),  # two letters are anybody's
        ("http://www.anxi.com/", "cn:350524", 0),  # no government's host
        ("http://www.example.gov.cn/anxi/", "cn:350524", 0),  # the path says nothing
        ("http://www.anyuan.gov.cn/", "cn:350524", 0),
    ],
)
def test_a_host_speaks_for_the_county_it_spells(url, county, strength):
    chain = gazetteer().chain(county)
    assert weigh_host(url, chain[-1], tuple(chain[-2::-1])) == strength


@pytest.mark.parametrize(
    ("url", "county"),
    [("http://www.chengkou.gov.cn/a/b.html", "cn:500229"), ("http://www.xinhua.gov.cn/", None), ("http://www.gov.cn/", None), ("not a url", None)],
)
def test_the_county_of_an_address_is_told_only_where_there_is_one(url, county):
    assert find_county(url, gazetteer()) == county
