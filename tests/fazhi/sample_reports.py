"""Synthetic reports for the tests of this folder; their wording is ours."""

from __future__ import annotations

from pathlib import Path

TOWNSHIPS = ("参内镇", "城厢镇", "魁斗镇", "蓬莱镇")


def make_report(number: int) -> str:
    """A synthetic report of a township under 安溪县; its wording is ours."""
    township, year = TOWNSHIPS[number % len(TOWNSHIPS)], 2020 + number // len(TOWNSHIPS)
    return (
        f"安溪县{township}人民政府{year}年法治政府建设情况报告\n\n"
        f"{year}年，{township}坚持依法行政。（合成样本第{number}份）\n"
        "一、主要工作情况\n"
        f"（一）开展普法宣传。深入开展法律八进活动{number + 3}场次，发放宣传资料{number * 10 + 200}份。\n"
        f"（二）化解矛盾。全年调解矛盾纠纷{number + 20}件，调解成功率98%。\n"
        "二、存在的问题\n法治宣传形式比较单一。\n"
        f"三、{year + 1}年工作计划\n继续推进法治镇建设。\n\n"
        f"安溪县{township}人民政府\n{year + 1}年1月15日\n"
    )


def write_reports(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number:03}.txt").write_text(make_report(number), encoding="utf-8")
    return folder
