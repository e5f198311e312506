"""Synthetic pages in the manner of the systems that government sites run on: one report, many surroundings.

Each layout is (name, markup, lines the text must have in this order, words it must not have).
"""

from __future__ import annotations

TITLE = "青溪镇2023年法治政府建设情况报告"
INTRO = "2023年，青溪镇坚持以习近平法治思想为指导，认真落实县委、县政府关于法治建设的部署，现将有关情况报告如下："
HEAD_1 = "一、主要工作情况"
PARA_1 = "（一）加强组织领导。成立由镇长任组长的领导小组，全年召开专题会议4次，研究解决突出问题12个，把法治建设列入年度考核。"
PARA_2 = "（二）化解矛盾纠纷。依托“清风茶馆”调解室，全年排查矛盾纠纷136件，调处成功133件，成功率97.8%；开展法治宣传23场次，发放资料4600余份。"
HEAD_2 = "二、存在的问题"
PARA_3 = "一是法律顾问作用发挥不够充分，二是执法人员力量不足，队伍的业务水平有待提高，部分村（社区）法治宣传的形式比较单一。"
HEAD_3 = "三、下一步打算"
PARA_4 = "继续推进“一村一法律顾问”工作，落实行政执法三项制度，加强行政规范性文件的合法性审核，不断提升依法行政的能力和水平。"
SIGNATURE = "青溪镇人民政府"
DATE = "2024年1月12日"
LINES = [INTRO, HEAD_1, PARA_1, PARA_2, HEAD_2, PARA_3, HEAD_3, PARA_4, SIGNATURE, DATE]

NOISE = [
    "网站首页", "政务公开", "当前位置", "您的位置", "所在位置", "字体", "打印", "关闭", "分享", "索引号", "索 引 号", "发布机构", "主题分类", "版权所有", "ICP备", "公网安备", "网站标识码",
    "主办单位", "上一篇", "下一篇", "相关链接", "相关阅读", "扫一扫", "浏览次数", "责任编辑", "另一个镇", "function", "color:", "隐藏的文字", "网站地图", "发布时间", "来源：",
]  # fmt: skip

PARAGRAPHS = "\n".join(f"<p>{line}</p>" for line in LINES)
NAVIGATION = '<div class="nav"><ul><li><a href="/">网站首页</a></li><li><a href="/zwgk">政务公开</a></li><li><a href="/hd">政民互动</a></li></ul></div>'
FOOTER = '<div class="footer"><p>版权所有：清河县人民政府　主办单位：清河县人民政府办公室</p><p>网站标识码：9900000001　X ICP备00000001号　X公网安备 99000000000001号</p><p><a href="/map">网站地图</a></p></div>'
RELATED = '<div class="xglj"><h3>相关链接</h3><ul><li><a href="a.html">另一个镇2023年法治政府建设情况报告</a></li><li><a href="b.html">另一个镇2022年法治政府建设情况报告</a></li></ul></div>'


def _page(head: str, body: str) -> str:
    return f"<!DOCTYPE html>\n<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


def trs() -> str:
    """TRS WCM: metas, an index table, TRS_Editor with Word's own styles inside."""
    head = (
        f'<title>{TITLE}_清河县人民政府</title><meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2024-01-15 10:20">'
        '<meta name="ContentSource" content="青溪镇"><meta name="SiteName" content="清河县人民政府"><meta name="Url" content="http://www.example.gov.cn/t20240115_1.html">'
    )
    words = "".join(f'<p class="MsoNormal" align="justify"><span style="font-family:仿宋">{line[:7]}</span><span>{line[7:]}</span></p>' for line in LINES)
    body = (
        f'{NAVIGATION}<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a></div>'
        '<table class="xxgk_table"><tr><td>索引号</td><td>QX000-2024-0001</td><td>主题分类</td><td>其他</td></tr><tr><td>发布机构</td><td>青溪镇</td><td>成文日期</td><td>2024-01-12</td></tr></table>'
        f'<h1>{TITLE}</h1><div class="info">发布时间：2024-01-15 10:20　来源：青溪镇　【字体：<a>大</a> <a>中</a> <a>小</a>】<a>打印</a></div>'
        f'<div class="view TRS_UEDITOR trs_paper_default"><div class="TRS_Editor"><style>.TRS_Editor P {{color:red}}</style>{words}</div></div>{RELATED}{FOOTER}'
    )
    return _page(head, body)


def jcms() -> str:
    """大汉 jcms: comments as marks, #zoom, a publishing line inside the container."""
    body = (
        f'<table width="1000"><tr><td>{NAVIGATION}</td></tr><tr><td>您的位置：<a>首页</a>&gt;<a>政府信息公开</a>&gt;正文</td></tr><tr><td class="title">{TITLE}</td></tr>'
        '<tr><td align="center">发布日期：2024-01-15 &nbsp; 浏览次数：<script>document.write(function(){{}})</script>35 次 &nbsp; 字体：[ 大 中 小 ]</td></tr>'
        f'<tr><td class="bt_content"><div id="zoom"><!--ZJEG_RSS.content.begin-->{PARAGRAPHS}<!--ZJEG_RSS.content.end--></div></td></tr>'
        f'<tr><td>【<a href="javascript:window.print()">打印本页</a>】 【<a>关闭窗口</a>】</td></tr></table>{FOOTER}'
    )
    return _page(f"<title>清河县人民政府 政府信息公开 {TITLE}</title>", body)


def ucap() -> str:
    """拓尔思 UCAP-CONTENT elements, as on the pages of many departments."""
    body = (
        f'<div class="header-menu"><a>网站首页</a></div><div class="BreadcrumbNav">所在位置：<a>首页</a> &gt; <a>政务公开</a></div><h1><UCAPTITLE>{TITLE}</UCAPTITLE></h1>'
        f'<div class="pages-date">2024-01-15 10:20 <span class="font">来源：青溪镇</span></div><div class="pages_content" id="UCAP-CONTENT"><UCAPCONTENT>{PARAGRAPHS}</UCAPCONTENT></div>'
        '<div class="editor"><span>责任编辑：某某</span></div><div class="pages_print"><div class="share">【字体：大 中 小】 分享到：</div></div>'
        f"{FOOTER}"
    )
    return _page(f"<title>{TITLE}_青溪镇_清河县人民政府</title>", body)


def jsp() -> str:
    """A home-made JSP site inside one form, the index as a definition list, paragraphs with full-width indents."""
    indented = "".join(f"<p>　　{line}</p>" for line in LINES)
    body = (
        f'<form id="form1" action="x.do">{NAVIGATION}<div class="main"><div class="left-nav"><ul><li>政务公开</li></ul></div><div class="right">'
        "<dl><dt>索 引 号：</dt><dd>QX000-2024-0001</dd><dt>发布机构：</dt><dd>青溪镇</dd><dt>主题分类：</dt><dd>其他</dd></dl>"
        f'<h2 class="bt">{TITLE}</h2><div id="nr">{indented}</div><div>上一篇：<a href="1.jsp">另一个镇的通知</a></div><div>下一篇：<a href="2.jsp">没有了</a></div></div></div></form>{FOOTER}'
    )
    return _page("<title>清河县人民政府网</title>", body)


def wordpress() -> str:
    """A blog system: article, entry-content, share buttons, sidebar."""
    body = (
        f'<header><nav><a href="/">网站首页</a><a>政务公开</a></nav></header><main><article class="post"><header class="entry-header"><h1 class="entry-title">{TITLE}</h1>'
        f'<time>2024-01-15</time></header><div class="entry-content">{PARAGRAPHS}<div class="sharedaddy share"><span>分享到：</span><a>微信</a><a>微博</a></div></div>'
        '<nav class="post-navigation"><a>上一篇 另一个镇</a></nav></article><aside class="sidebar"><h2>相关阅读</h2><ul><li>另一个镇的消息</li></ul></aside></main><footer>版权所有 X ICP备00000001号</footer>'
    )
    return _page(
        f'<title>{TITLE} – 清河县政府网</title><meta property="og:url" content="https://example.org/2024/report"><meta property="article:published_time" content="2024-01-15T10:20:00+08:00">',
        body,
    )


def vue() -> str:
    """Rendered on the server for Vue: data attributes, hashed classes, the state again in a script."""
    words = "".join(f'<p data-v-7ba5bd90="">{line}</p>' for line in LINES)
    body = (
        '<div id="app" data-server-rendered="true"><div data-v-1><div data-v-1 class="top-bar"><a>网站首页</a></div><div data-v-1 class="crumbs_x1">当前位置：首页 / 政务公开</div>'
        f'<div data-v-2 class="wrap__a8f"><div data-v-2 class="tit">{TITLE}</div><div data-v-2 class="sub"><span>发布时间：2024-01-15</span><span>来源：青溪镇</span></div><div data-v-2 class="rich__9c1">{words}</div></div>'
        f'</div></div><script>window.__INITIAL_STATE__={{"content":"隐藏的文字，{PARA_1}"}};(function(){{}})()</script>'
    )
    return _page(f"<title>{TITLE}</title>", body)


def tables_2008() -> str:
    """Tables in tables, font tags, no class at all."""
    words = "".join(f'<p><font size="3">&nbsp;&nbsp;&nbsp;&nbsp;{line}</font></p>' for line in LINES)
    body = (
        '<table width="760" align="center"><tr><td><a href="/">网站首页</a>|<a href="/a">政务公开</a></td></tr></table>'
        '<table width="760" align="center"><tr><td width="180"><table><tr><td><a>另一个镇</a></td></tr><tr><td><a>网站地图</a></td></tr></table></td>'
        f'<td><table width="100%"><tr><td>当前位置：首页 &gt;&gt; 公文</td></tr><tr><td align="center"><b>{TITLE}</b></td></tr><tr><td align="center">2024-1-15 9:30:00　来源：青溪镇　浏览次数：18</td></tr>'
        f'<tr><td>{words}</td></tr><tr><td align="right">【打印】【关闭】</td></tr></table></td></tr></table>'
        '<table width="760" align="center"><tr><td align="center">版权所有：清河县人民政府<br>主办单位：清河县人民政府办公室　X ICP备00000001号</td></tr></table>'
    )
    return f"<html><head><meta http-equiv='Content-Type' content='text/html; charset=utf-8'><title>{TITLE}</title></head><body>{body}</body></html>"


def div_soup() -> str:
    """Every paragraph a div with nameless neighbours."""
    words = "".join(f"<div><div><span>{line}</span></div></div>" for line in LINES)
    body = f"<div><div><div><a>网站首页</a></div><div><a>政务公开</a></div></div><div><div>{TITLE}</div><div>{words}</div></div><div><div>版权所有 清河县人民政府</div><div>X ICP备00000001号</div></div></div>"
    return _page(f"<title>{TITLE}-清河县人民政府</title>", body)


def attachments() -> str:
    """The report and then its attachments."""
    links = '<ul class="fujian"><li><a href="/files/1.docx">附件1：青溪镇2023年法治宣传统计表.docx</a></li><li><a href="/files/2.pdf">附件2：考核表.pdf</a></li></ul>'
    body = f'{NAVIGATION}<div class="article"><h1>{TITLE}</h1><div class="article-content">{PARAGRAPHS}{links}</div></div>{FOOTER}'
    return _page(f"<title>{TITLE}</title>", body)


def one_paragraph() -> str:
    """All in one p with br, broken over source lines."""
    words = "<br/>\n".join(f"&nbsp;&nbsp; &nbsp;{line[:20]}\n{line[20:]}" for line in LINES)
    body = f'{NAVIGATION}<div class="con"><h1>{TITLE}</h1><p>{words}</p></div><div class="share">分享到：微信</div>{FOOTER}'
    return _page(f"<title>{TITLE}</title>", body)


def indents_only() -> str:
    """One run of text where only two full-width blanks tell paragraphs apart, after headings in strong."""
    words = f"　　{INTRO}<br>　　<strong>{HEAD_1}</strong><br>　　{PARA_1}　　{PARA_2}<br><br>　　{HEAD_2}<br>　　{PARA_3}<br>　　{HEAD_3}<br>　　{PARA_4}<br><br>{SIGNATURE}<br>{DATE}"
    body = f'{NAVIGATION}<h2 id="title">{TITLE}</h2><div class="Article_Con">{words}</div><div class="bottom">版权所有 X ICP备00000001号</div>'
    return _page(f"<title>{TITLE}</title>", body)


def noisy() -> str:
    """Scripts, styles, hidden blocks, comments and a form in the middle of the report."""
    middle = '<script>var x = "隐藏的文字";</script><style>p{color:red}</style><div style="display: none">隐藏的文字，不要。</div><textarea>隐藏的文字</textarea><!-- 隐藏的文字 --><noscript>隐藏的文字</noscript>'
    words = "".join(f"<p>{line}</p>{middle}" for line in LINES)
    body = f'{NAVIGATION}<div class="content"><h1>{TITLE}</h1>{words}<p>【字体：大 中 小】</p><p>扫一扫在手机打开当前页</p></div>{FOOTER}'
    return _page(f"<title>{TITLE}</title>", body)


def lists() -> str:
    """Headings as h2, paragraphs as an ordered list."""
    body = (
        f'{NAVIGATION}<div id="content"><h1>{TITLE}</h1><p>{INTRO}</p><h2>{HEAD_1}</h2><ol><li>{PARA_1}</li><li><p>{PARA_2}</p></li></ol><h2>{HEAD_2}</h2><ul><li>{PARA_3}</li></ul>'
        f"<h2>{HEAD_3}</h2><blockquote>{PARA_4}</blockquote><p align=right>{SIGNATURE}</p><p align=right>{DATE}</p></div>{RELATED}{FOOTER}"
    )
    return _page(f"<title>{TITLE}</title>", body)


def word_as_doc() -> str:
    """What a site hands out as .doc: Word's own HTML."""
    words = "".join(
        f"<p class=MsoNormal style='text-indent:32.0pt'><span lang=EN-US>{line[:4]}</span><span style='font-family:仿宋_GB2312'>{line[4:]}<o:p></o:p></span></p>"
        for line in [TITLE, *LINES]
    )
    return f"<html xmlns:o='urn:schemas-microsoft-com:office:office' xmlns:w='urn:schemas-microsoft-com:office:word'><head><meta charset=utf-8><style><!-- p {{color:red}} --></style></head><body lang=ZH-CN><div class=Section1>{words}</div></body></html>"


def index_in_list() -> str:
    """政府信息公开 of a county: the index as ul with labels in b, the report in xxgk_content, links and a prompt behind it."""
    body = (
        f'{NAVIGATION}<div class="xxgk_con"><ul class="xxgk_xx"><li><b>索引号：</b>QX000-2024-0001</li><li><b>发布机构：</b>青溪镇</li><li><b>发文字号：</b>青政〔2024〕3号</li><li><b>发布日期：</b>2024-01-15</li></ul>'
        f'<div class="xxgk_title">{TITLE}</div><div class="xxgk_content">{PARAGRAPHS}</div><p>相关阅读</p><p>另一个镇的说明，由本站转载。</p></div>{FOOTER}'
    )
    return _page(f"<title>{TITLE}</title>", body)


def wechat() -> str:
    """An official account's article: the text is hidden until a script shows it."""
    words = "".join(f'<section><p style="text-indent:2em"><span style="font-size:16px">{line}</span></p></section>' for line in LINES)
    body = (
        f'<div id="js_article"><h1 class="rich_media_title" id="activity-name">\n   {TITLE}   \n</h1><div id="meta_content"><span>青溪镇发布</span> <em id="publish_time">2024-01-15 10:20</em></div>'
        f'<div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0;"><section>{words}</section></div></div><div id="js_pc_qr_code"><p>微信扫一扫</p></div>'
    )
    return _page(f'<meta property="og:title" content="{TITLE}"><meta property="og:url" content="http://mp.example.com/s?1">', body)


def two_editors() -> str:
    """The editor was used twice, once for the opening, once for the rest."""
    first, rest = LINES[:1], LINES[1:]
    body = (
        f'{NAVIGATION}<div class="detail"><h3 class="title">{TITLE}</h3><div class="TRS_Editor"><p>{first[0]}</p></div>'
        f'<div class="TRS_Editor">{"".join(f"<P align=justify>　　{line}" for line in rest)}</div></div>{RELATED}{FOOTER}'
    )
    return _page(f"<title>{TITLE}-政务公开-清河县人民政府门户网站</title>", body)


def summaries_beside() -> str:
    """Other pages are shown beside the report with their first sentences, a disclaimer below it."""
    others = "".join(f'<div class="item"><a href="{n}.html">另一个镇的第{n}条消息</a><p>另一个镇召开会议，部署工作，提出要求。</p></div>' for n in range(3))
    body = (
        f'<div class="wrap"><div class="main-left"><div class="art"><div class="art-head"><h1>{TITLE}</h1></div><div class="art-body">{PARAGRAPHS}</div></div></div>'
        f'<div class="sidebar">{others}</div></div>{FOOTER}'
    )
    return _page(f"<title>{TITLE}</title>", body)


def preformatted() -> str:
    """A plain text put into pre."""
    text = "\n".join(LINES)
    return _page(f"<title>{TITLE}</title>", f"{NAVIGATION}<div><h1>{TITLE}</h1><pre>{text}</pre></div>{FOOTER}")


def one_form() -> str:
    """ASP.NET: everything inside a form; the article in a span with a long id, h4 for the title, a font-size bar of links."""
    body = (
        f'<form id="aspnetForm"><input type="hidden" value="隐藏的文字"><div id="header">{NAVIGATION}</div><div id="ctl00_position">您现在的位置：<a>首页</a> → <a>政务公开</a> → 正文</div>'
        f"<h4>{TITLE}</h4><p>发布时间：2024年1月15日 作者：办公室 来源：青溪镇 浏览次数：<span>77</span></p><p>[字号 <a>大</a> <a>中</a> <a>小</a>]</p>"
        f'<span id="ctl00_ContentPlaceHolder1_lblContent">{PARAGRAPHS}</span><p>【<a>打印</a>】【<a>关闭</a>】</p></form>{FOOTER}'
    )
    return _page("<title>清河县人民政府</title>", body)


LAYOUTS = {
    build.__name__: build
    for build in (
        trs,
        jcms,
        ucap,
        jsp,
        wordpress,
        vue,
        tables_2008,
        div_soup,
        attachments,
        one_paragraph,
        indents_only,
        noisy,
        lists,
        word_as_doc,
        index_in_list,
        wechat,
        two_editors,
        summaries_beside,
        preformatted,
        one_form,
    )
}
