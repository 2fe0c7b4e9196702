"""The parts around every page of alanews.it: menus, search boxes, sidebar, footer, off-canvas, login forms."""

from datetime import date

from newsstand.alanews.text import attribute, text
from newsstand.alanews.urls import CATEGORIES, ROOT, category_name, category_url
from newsstand.assets.respond import THEME
from newsstand.italian import long_date_with_weekday

Card = tuple[str, str, str]
_COPYRIGHT = (
    "© 2026 Alanews – Testata giornalistica | Gestione editoriale e multimediale della redazione | "
    "Per la pubblicità: ufficio annunci"
)


def _menu(kind: str) -> str:
    rows = []
    for name in CATEGORIES:
        if name == "calcio":
            continue
        sub = (
            f'<ul class="sub-menu"><li><a href="{category_url("calcio")}">Calcio</a></li></ul>'
            if name == "sport"
            else ""
        )
        rows.append(f'<li class="menu-item"><a href="{category_url(name)}">{category_name(name)}</a>{sub}</li>')
    return f'<ul class="{kind}">{"".join(rows)}</ul>'


def _search() -> str:
    return (
        '<div class="jeg_nav_item jeg_search_wrapper"><form action="https://alanews.it/" class="jeg_search_form">'
        '<input name="s" class="jeg_search_input" placeholder="Search..." type="text"></form>'
        '<div class="jeg_search_result jeg_search_hide with_result"><div class="search-link search-noresult">No Result'
        '</div><div class="search-link search-all-button">View All Result</div></div></div>'
    )


def header(today: date) -> str:
    """Top bar with the day of rendering, desktop, sticky and mobile menus."""
    return f"""<div class="jeg_header_wrapper"><div class="jeg_header normal"><div class="jeg_topbar jeg_container">
<ul class="jeg_menu jeg_top_menu"><li><a href="{ROOT}/chi-siamo/">Chi siamo</a></li>\
<li><a href="{ROOT}/redazione/">Redazione</a></li></ul>
<div class="jeg_nav_item jeg_top_date">{long_date_with_weekday(today)}</div>
<ul class="jeg_accountlink"><li><a href="#jeg_loginform" class="jeg_popuplink">Login</a></li></ul></div>
<div class="jeg_bottombar jeg_navbar jeg_container">{_menu("jeg_menu jeg_main_menu")}{_search()}</div></div></div>
<div class="jeg_header_sticky"><div class="sticky_blankspace"></div>{_menu("jeg_menu")}{_search()}</div>
<div class="jeg_navbar_mobile_wrapper"><div class="jeg_navbar_mobile">\
<a href="#jeg_loginform">Login</a>{_search()}</div></div>
"""


def sidebar(latest: list[Card]) -> str:
    """The widget of recent posts."""
    rows = "".join(f'<li><a href="{link}">{text(title)}</a></li>' for link, title, _ in latest)
    return (
        '<div class="jeg_sidebar col-md-4"><div class="jegStickyHolder"><div class="widget widget_recent_entries">'
        '<div class="jeg_block_heading"><h3 class="jeg_block_title"><span>Articoli recenti</span></h3></div>'
        f"<ul>{rows}</ul></div></div></div>"
    )


def post_card(card: Card, section: str = "") -> str:
    """A post in a list."""
    link, title, day = card
    category = f'<a href="{category_url(section)}">{category_name(section)}</a>'
    badge = f'<div class="jeg_post_category"><span>{category}</span></div>'
    return (
        '<article class="jeg_post jeg_pl_md_1 format-standard"><div class="jeg_thumb"><a href="'
        f'{link}"><div class="thumbnail-container"><img src="{ROOT}/wp-content/themes/jnews/assets/img/jeg-empty.png" '
        f'class="lazyload wp-post-image" alt="{attribute(title)}"></div></a>{badge if section else ""}</div>'
        f'<div class="jeg_postblock_content"><h3 class="jeg_post_title"><a href="{link}">{text(title)}</a></h3>'
        f'<div class="jeg_post_meta"><div class="jeg_meta_date"><a href="{link}"><i class="fa fa-clock-o"></i> '
        f"{day}</a></div></div></div></article>"
    )


def footer() -> str:
    """Footer, forms and off-canvas menu."""
    return f"""<div class="footer-holder" id="footer">\
<div class="jeg_footer jeg_footer_1"><p class="copyright">{_COPYRIGHT}</p></div></div>
<div id="jeg_off_canvas" class="normal"><a href="#" class="jeg_menu_close"></a><div class="jeg_mobile_wrapper">
{_search()}{_menu("jeg_mobile_menu")}<ul><li>Chi siamo</li><li>Redazione</li></ul>
<div class="jeg_aside_copyright"><p>{_COPYRIGHT}</p></div></div></div>
<div id="jeg_loginform" class="jeg_popup mfp-hide"><form action="#"><h3>Welcome Back!</h3>
<p>Login to your account below</p><p class="input_field">\
<input type="text" name="username" placeholder="Username"></p>
<div class="bottom_links"><a href="#jeg_forgotform" class="jeg_popuplink forgot">Forgotten Password?</a></div>
</form></div>
<div id="jeg_forgotform" class="jeg_popup mfp-hide"><form action="#"><h3>Retrieve your password</h3>
<p>Please enter your username or email address to reset your password.</p>
<div class="bottom_links"><a href="#jeg_loginform" class="jeg_popuplink">Log In</a></div></form></div>
<div id="jeg_playlist" class="jeg_popup mfp-hide"></div>
<script src="{THEME}/assets/js/lazy.js"></script>
"""
