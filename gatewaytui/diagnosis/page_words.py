"""The words by which web pages show who sent them: a firewall, a proxy, a network's own sign-in.

All are looked for in prepared text (`words.prepared`).
"""

from __future__ import annotations

from gatewaytui.domain.pattern import Pattern

CHALLENGE = Pattern(
    r"just a moment|cf-chl|cf_chl|challenge-platform|captcha|turnstile|attention required|are you (a )?human"
    r"|verify (that )?you"
    r"|checking your browser|enable (javascript and )?cookies|access denied|request blocked"
    r"|web application firewall|\bwaf\b"
    r"|sorry, you have been blocked|error code: 10\d\d|error 10\d\d|403 forbidden|security (check|service"
    r"|policy)|incapsula"
    r"|akamai|sucuri|ddos|unusual traffic|automated queries|could not be satisfied"
    r"|人机验证|安全验证|防火墙|访问受限|拦截|阻断"
)
"""A captcha's or a firewall's page, under the statuses these usually have."""

FIREWALL = Pattern(r"web application firewall|\bwaf\b|captcha|you have been blocked|人机验证|防火墙|拦截|阻断")
"""A page that names the firewall or captcha itself: enough under any 4xx."""

CHALLENGE_LINE = Pattern(r"error code: 10\d\d|captcha|challenge|\bwaf\b|firewall")
"""The bare line that an edge sends to API clients instead of a page."""

EDGE_MADE = Pattern(r"nginx|openresty|cloudflare|awselb|apache|varnish|caddy|haproxy|envoy|error code: 5\d\d")
"""The signatures of proxies and web servers."""

GUESTS = Pattern(
    r"captive[ -]?portal|\bwi-?fi\b|\bwlan\b|\bhotspot\b|network (authentication|sign[- ]?in|log[- ]?in)"
)
"""A network's own sign-in page for guests."""

PLAIN_HTTP = Pattern(r"plain http request was sent to https port|client sent an http request to an https server")
"""A web server that was spoken to in http on its https port."""
