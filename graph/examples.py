"""Statements to begin with, for those who are new to the graph; each runs on both engines as it stands."""

from __future__ import annotations

import msgspec


class Example(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    label_zh: str
    statement: str


EXAMPLES = (
    Example(
        label="Townships that take up a practice, first seen first",
        label_zh="采用某一做法的乡镇，按最早见于报告的年份",
        statement="MATCH (t:Township)-[u:ADOPTS]->(p:Program) WHERE p.name = '法律八进' AND u.modality IN ['done', 'ongoing'] "
        "RETURN t.id, t.name, min(u.year) AS first_seen ORDER BY first_seen, t.id LIMIT 100",
    ),
    Example(
        label="Practices by the number of places that take them up",
        label_zh="各做法的采用地方数",
        statement="MATCH (t:Place)-[u:ADOPTS]->(p:Program) WHERE u.modality <> 'planned' "
        "RETURN p.name AS program, count(DISTINCT t) AS places ORDER BY places DESC, program LIMIT 20",
    ),
    Example(
        label="Who advises whom",
        label_zh="谁担任谁的法律顾问",
        statement="MATCH (a:LegalAdviser)-[e:ADVISES]->(b) RETURN a.name, b.name, e.year, e.facts LIMIT 100",
    ),
    Example(
        label="Mediation rooms of a county and all below it",
        label_zh="某县及其以下的调解室",
        statement="MATCH (c:County {name: '安溪县'})<-[:PART_OF*0..2]-(p:Place)-[:OPERATES]->(r:MediationRoom) RETURN p.name, r.name ORDER BY r.name LIMIT 100",
    ),
    Example(
        label="A number through the years, with its report",
        label_zh="某一指标逐年的数值及出处",
        statement="MATCH (r:Report)-[:STATES]->(m:Measure)-[:OF]->(i:Indicator) WHERE i.name CONTAINS '调解' "
        "RETURN m.year AS year, i.name, m.value, m.unit, r.id ORDER BY year LIMIT 100",
    ),
    Example(
        label="Laws and plans that most reports cite",
        label_zh="被引用最多的法律和规划",
        statement="MATCH (r:Report)-[:CITES]->(d:Document) RETURN d.name AS document, count(DISTINCT r) AS reports ORDER BY reports DESC, document LIMIT 20",
    ),
    Example(
        label="Townships with a report that do not say whether they have a legal adviser (which does not say that they have none)",
        label_zh="有报告而未提及法律顾问的乡镇（不等于没有）",
        statement="MATCH (t:Township)<-[:COVERS]-(:Report) WHERE NOT EXISTS { (t)<-[:ADVISES]-(:LegalAdviser) } "
        "RETURN DISTINCT t.id AS id, t.name AS name ORDER BY id LIMIT 100",
    ),
    Example(
        label="Reports that have words of earlier ones, once `fazhi reuse build` has compared them (which does not say that the words come from there)",
        label_zh="有较早报告文字的报告，须先用 fazhi reuse build 比对（不说明文字就出自那里）",
        statement="MATCH (later:Report)-[words:REUSES]->(earlier:Report) "
        "RETURN later.title, earlier.title, words.characters AS characters, words.boilerplate ORDER BY characters DESC, later.id, earlier.id LIMIT 100",
    ),
)
