"""Relations between what the other components found: who adopts, operates, advises, employs, cites and carries out what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.draft import Draft, Mention
from ingest.ids import report_id
from ingest.moods import find_denial, is_elsewhere
from ingest.patterns import lazy

# Verbs that make a document something the place carries out, as against one it only names.
_CARRIES_OUT = lazy(r"(?:落实|贯彻|执行|实施|推进|按照|根据|对照|遵守|履行|开展|印发|制定|出台|完善|修订)[^。；]{0,40}$")
_NEGATION = r"(?:未(?!雨|来|成年|间断|中断|停|取消|松懈|放松)|没有(?!停|取消|中断|间断)|不再|(?<![未有不])(?:停止|取消))"
_DENIED = lazy(  # the word governs the name
    rf"(?:{_NEGATION}|(?:暂时?|尚|还|仍|目前|一直)无法|没有(?:一个|任何一?个?)(?:村|社区|单位|部门)(?:（社区）|、社区|和社区)?)了?能?(?:全面|真正|完全|正式|及时|有效|普遍|很好地?)?(?:推[行广动进开]|开[展办设]|建[立成设起]|落[实地]|组[织建]|实[施行]|设[立置]?|成立|制定|出台|培[育养训]|创建|打造|启动|引[入进]|选[聘派]|配备|举办|形成|探索|运用|采用)?了?[“‘《「]?(?:农村|乡村|村级)?[“‘《「]?$"
    r"|拿不出[“‘《「]?$|(?<!不)不具备(?:推[行广]|开展|建[立设]|设[立置]|成立|组建|实[施行]|打造|创建)?[“‘《「]?$"
)
_NONE = lazy(r"(?:既|也|尚|并|还|仍|暂|一直)无[“‘《「]?$")  # 既无专职人员，也无…
_NONE_OF = lazy(r"[”’》）]{0,2}[\u4e00-\u9fff]{0,4}的(?:[村镇乡户人]|社区|地方|情况|单位|企业|学校|问题)")  # 尚无法律顾问的村: others have it
_LACKS = lazy(r"(?:(?<!不)缺[少乏]|(?<![如果能有])没有|尚无|还没有|未有)[“‘《「]?$")  # … with what is said right behind the name
_SUCH_AS = lazy(
    r"[”’》）]{0,2}(?:这样|一类|之类|那样|此类)的?(?:有效|良好|好|新|长效)?(?:载体|平台|机制|抓手|阵地|做法|制度|组织|队伍|渠道)(?!的?(?:问题|状况|情况|局面|现象|短板|不足))"
)
_DOUBTED = lazy(
    rf"{_NEGATION}能?(?:(?!的(?:[村镇乡户人]|社区|地方|情况|单位|群众|企业|学校|居民)|[后而改])[^，。；、]){{0,8}}$"
)  # it may be about something else
_DENIED_AFTER = lazy(
    r"[”’》）]{0,2}(?:的?(?:制度|工作|机制|活动|做法|队伍|模式|体系|项目|试点|建设|改革|服务|工程|公示|培[养育训])){0,2}"
    r"(?:等(?:行之有效的|先进|新|好)?(?:机制|模式|做法|方法|抓手|载体|制度|手段|经验))?(?:方面)?(?:的(?=条件|时机))?(?:(?:已经?|现已|业已|被)?(?:停办|停用|停止|取消|撤销|终止|中止|暂停|暂缓|中断)"
    r"|[^，。；“”]{0,6}?(?:(?:方面|上)?[还仍尚]?(?:是|属|属于|处于)[“‘]?(?:一张白纸|零起步|起步前)|进[度展]为零|停滞在|尚付阙如|(?:未|没有)被?[列纳]入[^，。；]{0,6}(?:工作|计划|日程|安排|议程|盘子)"
    r"|未见(?:行动|动静|动作|下文)|被?(?:搁置|搁浅|束之高阁)|(?:迟迟|至今|一直|始终|仍|尚)?未能(?:推出|成[形型]|问世|破土)|只?停留在(?:纸面|纸上|文件|口头)|[仍还尚]是(?:一?片)?空白)"
    r"|，但?(?:却|实际上?|至今|一直|始终|迟迟)+(?:并?未|没有?)(?:真正|正式|能)?(?:开展|推[行开]|建[立成起]|搞起|落地|实施|启动|运[行转])"
    r"|[^，。；“”]{0,6}，[^，。；“”]{0,10}，?(?:但?(?:却|实际上?|至今|一直|始终|迟迟)+)(?:并?未|没有?)(?:真正|正式|能)?(?:开展|推[行开]|建[立成起]|搞起|落地|实施|启动|运[行转])"
    r"|[^，。；“”]{0,8}，[^，。；“”]{0,8}没有一个(?:村|社区|单位|部门)(?:实行|推行|开展|建[立成起]|落实|办起|启动)"
    r"|(?:在[我本全][镇乡县市区街]道?(?:辖区)?(?:内|范围内)?)?(?:因故|(?:因为?|由于|受)[^，。；“”]{2,12}?)?(?:(?:还|仍|尚|一直|暂|至今|目前|迟迟|始终){0,2}(?:没有|未能?|尚未)(?:能)?(?:全面|真正|完全|正式)?(?:如期|按时|按期)?(?:开展|建立|建成|推行|推开|铺开|落地|实行|实施|启动|起步|破题|得到|列入(?:议事)?日程|付诸)|(?:还|仍|尚|目前)*(?:是|属|处于)?(?:一?片?空白|空缺)|(?:还|仍|尚)*(?:处于未起步|停留在(?:纸面|纸上|文件|口头))|(?:未|没有)被?(?:采用|采纳|启用|引[入进])|(?:条件|时机)(?:还|仍|尚)*(?:不|未)(?:成熟|具备)|(?:这样|一类|之类)的(?:载体|平台|机制|抓手|阵地)(?:缺乏|缺失|不足)))(?!的)"
)
_ILL_KNOWN = lazy(
    r"[”’》）]{0,2}(?:制度|工作|机制|活动|做法|模式|改革|服务)?缺[乏少](?:了解|认识|研究|重视|经验)|[”’》）]{0,2}的?(?:认识|研究|了解|重视|理解|掌握)(?:程度)?(?:还|仍|尚)?(?:不够|不足|不深(?!入人心)|不高|不到位|不充分|不全面|不透|不强|欠缺|有欠缺|有待)"
)
_NOT_WHOLLY = lazy(r"全面|真正|完全|铺开|得到")  # not everywhere, or not well: that says neither yes nor no
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
_LIST_REACH = 40  # characters before the clause in which a list of places may begin
_CARRIES_OUT_REACH, _DENIED_REACH = 44, 14  # characters before a finding in which these can stand
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
    a practice that is only named among the problems is neither."""
    own = _own(draft)
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
        sentence_start, _ = draft.sentence_at(mention.start)
        reach = max(sentence_start, mention.start - _DENIED_REACH)
        denied = _denied(draft, mention, reach)
        doubted = denied or _DOUBTED.search(draft.clean, reach, mention.start) or _ILL_KNOWN.match(draft.clean, mention.end)
        if kind == "problems" and denied is None:
            draft.reject("relation", mention.start, mention.end, "relation.adopts", "named among the problems")
            continue
        if doubted is not None and (denied is None or _NOT_WHOLLY.search(denied.group())):
            draft.reject("relation", mention.start, mention.end, "relation.adopts", "says that there is none", doubted.span())
            continue
        if draft.frame.level == "township" and denied is None and is_elsewhere(draft, mention):
            draft.reject("relation", mention.start, mention.end, "relation.adopts", "says that others do it")
            continue
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
            )


def _denied(draft: Draft, program: Mention, reach: int) -> re.Match[str] | None:
    if found := _DENIED.search(draft.clean, reach, program.start) or _DENIED_AFTER.match(draft.clean, program.end):
        return found
    if found := find_denial(draft, program, reach):
        return found
    if (found := _NONE.search(draft.clean, reach, program.start)) and not _NONE_OF.match(draft.clean, program.end):
        return found
    return _LACKS.search(draft.clean, reach, program.start) if _SUCH_AS.match(draft.clean, program.end) else None


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
