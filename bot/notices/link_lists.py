"""Hosts and endings by which an address in a notice is known."""

from __future__ import annotations

SHORTENERS = frozenset(
    """
    1drv.ms 1url.com adf.ly adfoc.us amzn.to bc.vc bit.do bit.ly bitly.com bitly.ws bl.ink bom.so budurl.com buff.ly
    chilp.it clck.ru clk.sh cli.gs cutt.ly cutt.us db.tt dlvr.it encr.pw fb.me forms.gle g.co gg.gg git.io gmy.su
    goo.gl goo.su gplinks.co gplinks.in hoo.gl ht.ly hyperurl.co hypeurl.com ift.tt is.gd isurl.net j.mp kutt.it
    l.ead.me lihi.cc lihi1.cc lihi1.com lihi2.com lihi3.cc lin.ee linkd.in lnk.bio lnk.to lnkd.in lnkiy.com mcaf.ee
    me2.do me2.kr me-qr.com minu.me murl.com n9.cl on.soundcloud.com ouo.io ow.ly pic.twitter.com picz.in.th prf.hn
    pse.is q.gs qr.ae qr.net qr.page qr1.be qrco.de qrfy.com qrto.org rb.gy rebrand.ly rebrandly.com redd.it reurl.cc
    rlu.ru s.id s.lazada.co.th s.shopee.co.th scnv.io shope.ee short.gy short.io shorte.st shorten.asia shorten.is
    shorten.rest shortlink.asia shorturl.asia shorturl.at shorturl.gg shrinkme.io sl.ly smarturl.it snip.ly soo.gd
    spoti.fi surl.li t.co t.ly t2m.io tek.link tiktok.link tiny.cc tiny.one tiny.pl tinycc.com tinyurl.com tny.im tr.im
    tr.ee trib.al u.to ul.rs url.ie url4.eu urlr.me urlz.fr utm.guru v.gd vk.cc vm.tiktok.com vt.tiktok.com wp.me
    x.co x.gd xurl.es y2u.be youtu.be yourls.org zpr.io zws.im zzb.bz
    """.split()  # noqa: SIM905 - a list of a hundred quotes is harder to keep in order
)
"""Of these nobody sees where they lead. LINE's own (lin.ee) and those of forms, maps and shops are among them: what
stands behind them is an address, too, and that one can be shown."""

ENDINGS = frozenset(
    """
    app asia bio biz cat click cloud club com dev digital edu email eus foundation fun gle global gov group help icu
    info ink int jobs life link live ltd media mil mobi museum name net network news ngo one ong online org page party
    plus press pro pub rest sale shop site social space store studio support team tech tel tips today tokyo top travel
    tube vip website wiki win work world wtf xyz zone
    """.split()  # noqa: SIM905
)
"""Of hosts, beside those of two letters, which are countries: where these end something, it is no ordinary writing."""

FILES = frozenset("csv doc docx gif jpeg jpg json mp3 mp4 odt pdf png ppt pptx txt webp xls xlsx".split())  # noqa: SIM905
"""Ends of names of files that no host has."""

TITLES = frozenset("asst assoc dr feat mr mrs ms no prof rev st tel vs".split())  # noqa: SIM905
"""After which a dot without a blank is ordinary writing: Mr.Smith."""

SCHEMES = ("mailto", "sms", "smsto", "javascript", "data", "intent", "vbscript", "blob")
"""That lead somewhere without any slashes."""

LOOKS_LIKE = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("8", "b"))
"""What an eye in a hurry takes for something else, in hosts of plain letters."""
