"""Relations between what the other components found: who adopts, operates, advises, employs, cites and carries out what."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.denials import find_denial, find_doubt, is_elsewhere
from ingest.draft import Draft, Mention
from ingest.enumerations import find_enumerations
from ingest.examples.reading import Said, doubt
from ingest.ids import report_id
from ingest.patterns import lazy
from ingest.rejections import Reason

# Verbs that make a document something the place carries out, as against one it only names.
_CARRIES_OUT = lazy(r"(?:落实|贯彻|执行|实施|推进|按照|根据|对照|遵守|履行|开展|印发|制定|出台|完善|修订)[^。；]{0,40}$")
# What a place below does in the report of one above: 寿山镇推行“枫桥经验”, 甲镇、乙镇建立了…
_DOES = lazy(
    r"的?[“‘《]?"  # 参内镇“板凳议事”等一批典型
    r"|(?:人民政府|党委、?政府|政府|党委|党工委|办事处|司法所|派出所|综治中心|综治办)?"
    r"(?:等(?:(?:\d{1,2}|[两一二三四五六七八九十]{1,3})个)?(?:乡镇|镇街|[镇乡地]|街道)?)?"
    r"(?:为(?:试点|样板|示范|重点)[^，。；]{0,4}，)?"
    r"(?:(?:结合|坚持|围绕|聚焦|立足|针对|依托|按照|充分|紧扣|紧盯|通过|着眼)[^，。；：]{0,14}，?)?"
    r"(?:作为|(?:已|均已|先后|积极|全面|率先|深入|主动|大力|扎实|创新|探索|在全[县市区]率先){0,2}"
    r"(?:推行|推广|开展|建立|办起|实施|打造|探索|创建|启动|组织|组建|落实|设立|成立|实行|试点|试行|开办|运用|采用|建成|培育|培养|推出|创新|健全|完善|搭建|构建|深化|引入|引进|制定|出台)了?[^，。；、]{0,6}?[“‘《]?)"
)
_AND = lazy(r"[、和及与]|以及")
_UNLIKELY: dict[Said, Reason] = {"none": "reads like a lack", "elsewhere": "reads like what others do"}
_LIST_REACH = 40  # characters before the clause in which a list of places may begin
_CARRIES_OUT_REACH = 44  # characters before a title in which such a verb can stand
_LEADS = lazy(r"组长|主任|书记|镇长|乡长|区长|县长|市长|局长|院长|检察长|所长|队长|站长|主席|会长|校长|庭长|科长|股长|负责人")
_MEMBER = lazy(r"成员|委员|副组长")


def _relate(
    draft: Draft,
    type: str,
    mention: Mention,
    subject: tuple[str, str],
    object: tuple[str, str],
    *,
    rule: str,
    confidence: float,
    denied: bool = False,
    **attrs: object,
) -> None:
    draft.note(
        Mention(
            "relation",
            mention.start,
            mention.end,
            rule,
            confidence,
            relation=type,
            subject=subject[1],
            subject_node=subject[0],
            object=object[1],
            object_node=object[0],
            year=mention.year,
            modality=mention.modality,
            polarity="negative" if denied else mention.polarity,
            attrs={name: value for name, value in attrs.items() if value is not None},
        )
    )


def _name(draft: Draft, mention: Mention) -> str:
    return mention.canonical or draft.clean[mention.start : mention.end]


def _own(draft: Draft) -> tuple[str, str] | None:
    return (draft.frame.place, draft.own_name) if draft.frame.place is not None else None


def _linked(draft: Draft, *types: str) -> Iterator[Mention]:
    """Mentions with a node, outside the heading zone's titles."""
    for mention in draft.mentions[:]:
        if mention.type in types and mention.node is not None:
            yield mention


def relate_programs(draft: Draft) -> None:
    """ADOPTS from the reporting place, and PART_OF from a variant to its family. What the text denies is a fact of negative polarity, and no edge of the graph;
    a practice that is only named among the problems is neither. Where no wording says that a township plans it, was asked for it or tells of others, but
    sentences like it do, that counts."""
    own = _own(draft)
    draft.enumerations = find_enumerations(draft)
    for mention in _linked(draft, "program"):
        assert mention.node is not None
        name = _name(draft, mention)
        family = (
            mention.attrs.get("family") or draft.nodes[mention.node].properties.get("family") if mention.node in draft.nodes else mention.attrs.get("family")
        )
        if family and family != name:
            family_node = draft.add_node(f"program:{family}", ("Program",), family, kind="family")
            _relate(draft, "PART_OF", mention, (mention.node, name), (family_node, family), rule="relation.family", confidence=0.95)
        if own is None or (kind := draft.kind_at(mention.start)) == "heading":
            continue
        named = draft.named_with(mention)
        denied = find_denial(draft, named)
        doubted = find_doubt(draft, named, denied)
        if kind == "problems" and denied is None:
            draft.reject("relation", mention.start, mention.end, "relation.adopts", "named among the problems")
            continue
        if doubted is not None:
            draft.reject("relation", mention.start, mention.end, "relation.adopts", "says that there is none", doubted.span())
            continue
        if draft.frame.level == "township" and denied is None and is_elsewhere(draft, mention):
            draft.reject("relation", mention.start, mention.end, "relation.adopts", "says that others do it")
            continue
        likely = doubt(draft, mention, kind) if draft.frame.level == "township" and denied is None and kind != "plan" else None
        if likely is not None and likely.said in _UNLIKELY:
            draft.reject("relation", mention.start, mention.end, "relation.adopts", _UNLIKELY[likely.said])
            continue
        if likely is not None:
            draft.doubts[mention.start, mention.end] = "exhorted" if likely.said == "exhorted" else "planned"
        for doer in _doers_below(draft, mention) or [own]:
            _relate(
                draft,
                "ADOPTS",
                mention,
                doer,
                (mention.node, name),
                rule="relation.adopts",
                confidence=round(mention.confidence * 0.95, 3),
                denied=denied is not None,
                variant=mention.attrs.get("variant", draft.clean[mention.start : mention.end]),
                likely=likely.probability if likely is not None else None,
            )


def _doers_below(draft: Draft, program: Mention) -> list[tuple[str, str]]:
    """(node, name) of the townships that the clause names right before what they do, in the report of a place above them."""
    if draft.frame.level not in ("county", "prefecture", "province"):
        return []
    start, _ = draft.clause_at(program.start)
    doers: list[tuple[str, str]] = []
    edge = program.start
    places = [mention for mention in draft.of("place") if start - _LIST_REACH <= mention.start and mention.end <= program.start and mention.node is not None]
    for place in sorted(places, key=lambda mention: -mention.end):
        between = draft.clean[place.end : edge]
        if (_AND if doers else _DOES).fullmatch(between) is None:
            break
        assert place.node is not None
        if place.attrs.get("level") != "township":
            return []
        doers.append((place.node, draft.nodes[place.node].name))
        edge = place.start
    return doers[::-1]


def relate_operations(draft: Draft) -> None:
    """OPERATES from the reporting place to its mediation rooms and platforms."""
    own = _own(draft)
    if own is None:
        return
    for mention in _linked(draft, "mediation_room", "platform"):
        assert mention.node is not None
        if draft.kind_at(mention.start) == "problems":
            draft.reject("relation", mention.start, mention.end, "relation.operates", "named among the problems")
        else:
            _relate(
                draft, "OPERATES", mention, own, (mention.node, _name(draft, mention)), rule="relation.operates", confidence=round(mention.confidence * 0.95, 3)
            )


def relate_advisers(draft: Draft) -> None:
    """ADVISES from a legal adviser to the body or place that is advised; the township's government where the text names no other.

    An unnamed post, or a firm as adviser, stays as this relation only: a ``legal_adviser`` fact names a person.
    """
    own = _own(draft)
    bodies = {mention.canonical: mention for mention in draft.of("body") if mention.node is not None}
    for mention in _linked(draft, "legal_adviser"):
        assert mention.node is not None
        serves = mention.attrs.get("serves")
        target: tuple[str, str] | None = None
        if serves in bodies:
            target = (bodies[serves].node or "", str(serves))
        elif own is not None:
            target = own
        if target is not None:
            _relate(
                draft,
                "ADVISES",
                mention,
                (mention.node, _name(draft, mention)),
                target,
                rule="relation.advises",
                confidence=mention.confidence,
                firm=mention.attrs.get("firm"),
                term=mention.attrs.get("term"),
                post=mention.attrs.get("post") or None,
            )
    # a post that nobody's name fills is an edge to a node 法律顾问（未具名） and no named finding
    draft.mentions = [mention for mention in draft.mentions if not (mention.type == "legal_adviser" and mention.attrs.get("post"))]


def relate_persons(draft: Draft) -> None:
    """EMPLOYS, LEADS and MEMBER_OF between bodies and the people who hold a role in them."""
    bodies = {mention.canonical: mention for mention in draft.of("body") if mention.node is not None}
    for mention in _linked(draft, "person"):
        assert mention.node is not None
        role, body = str(mention.attrs.get("role") or ""), mention.attrs.get("body")
        if body not in bodies:
            continue
        person, where = (mention.node, _name(draft, mention)), (bodies[body].node or "", str(body))
        if _LEADS.search(role) and "副" not in role:
            _relate(draft, "LEADS", mention, person, where, rule="relation.leads", confidence=0.85, role=role)
        elif _MEMBER.search(role):
            _relate(draft, "MEMBER_OF", mention, person, where, rule="relation.member", confidence=0.85, role=role)
        else:
            _relate(draft, "EMPLOYS", mention, where, person, rule="relation.employs", confidence=0.8, role=role or None)


def relate_documents(draft: Draft) -> None:
    """CITES from the report, and IMPLEMENTS from the place where a verb of carrying out governs the title."""
    own = _own(draft)
    report = report_id(draft.source.key)
    for mention in _linked(draft, "document"):
        assert mention.node is not None
        target = (mention.node, _name(draft, mention))
        _relate(
            draft,
            "CITES",
            mention,
            (report, draft.frame.title or draft.source.key),
            target,
            rule="relation.cites",
            confidence=0.98,
            docnumber=mention.attrs.get("docnumber"),
        )
        sentence_start, _ = draft.sentence_at(mention.start)
        if (
            own is not None
            and draft.kind_at(mention.start) != "problems"
            and _CARRIES_OUT.search(draft.clean, max(sentence_start, mention.start - _CARRIES_OUT_REACH), mention.start)
        ):
            _relate(draft, "IMPLEMENTS", mention, own, target, rule="relation.implements", confidence=0.8)


def relate_successions(draft: Draft) -> None:
    """SUCCEEDED_BY from townships that went to those that they became; the reporting place where the text names no other."""
    own = _own(draft)
    places = {(mention.start, mention.end): mention for mention in _linked(draft, "place")}
    for one in draft.successions:
        named = [(places[span].node or "", draft.clean[slice(*span)]) for span in one.new if span in places]
        heirs = named if one.new else [own] if own is not None and own[0].count("/") == 1 else []
        for span in one.old:
            if span not in places:
                continue
            gone = places[span]
            for heir in heirs:
                if gone.node != heir[0]:
                    _relate(
                        draft,
                        "SUCCEEDED_BY",
                        Mention("relation", one.start, one.end, gone.rule, gone.confidence, year=int(one.date[:4]) if one.date else None),
                        (gone.node or "", draft.clean[slice(*span)]),
                        heir,
                        rule="relation.succeeded_by",
                        confidence=0.85,
                        date=one.date,
                        kind=one.kind,
                    )


def relations(draft: Draft) -> None:
    """Add relations between the findings of the other components."""
    relate_programs(draft)
    relate_operations(draft)
    relate_advisers(draft)
    relate_persons(draft)
    relate_documents(draft)
    relate_successions(draft)
