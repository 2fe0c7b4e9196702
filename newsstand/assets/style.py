"""The style sheets of both sites, and the script that loads pictures late.

Between them they name files in every way that CSS has: `@import` with a string and with `url()`, fonts, backgrounds,
`image-set()`, relative and absolute addresses, a comment and a namespace that name nothing.
"""

ALANEWS = """/* url(never.png) */
@charset "utf-8";
@import "colours.css";
@import url(print.css) print;
@namespace svg url(http://www.w3.org/2000/svg);
@font-face { font-family: Ornamento; src: url("fonts/ornamento.ttf?v=1#iefix") format("truetype"); }
body { margin: 0; font-family: sans-serif; background: url('../../../img/paper.png') repeat; }
.jeg_viewport { max-width: 1100px; margin: 0 auto; padding: 0 20px; background: #fff; }
.jeg_menu li { display: inline-block; margin-right: 1em; list-style: none; }
.jeg_header_sticky, .jeg_navbar_mobile_wrapper, .jeg_popup, #jeg_off_canvas, .jeg_search_result { display: none; }
.thumbnail-container { position: relative; overflow: hidden; }
.thumbnail-container img { position: absolute; width: 100%; height: 100%; }
.jeg_pl_md_1 .thumbnail-container { width: 120px; height: 80px; }
h1.jeg_post_title { font-size: 40px; line-height: 1.1; }
h1.jeg_post_title::before { content: "\\2766"; font-family: Ornamento; margin-right: .3em; }
.jeg_block_title { padding-left: 40px; background: image-set("img/mark.png" 1x, "img/mark@2x.png" 2x) no-repeat; }
@media (min-width: 800px) { .row { display: flex; } .col-md-8 { flex: 2; } .col-md-4 { flex: 1; } }
"""
ALANEWS_COLOURS = "a { color: #a3172d; } .jeg_topbar { background: #16324a; } .jeg_topbar * { color: #fff; }\n"
ALANEWS_PRINT = "body { background: none; }\n"
ALANEWS_LAZY = """(function () {
  document.querySelectorAll("img.lazyload").forEach(function (image) {
    if (image.dataset.srcset) { image.sizes = "750px"; image.srcset = image.dataset.srcset; }
    if (image.dataset.src) { image.src = image.dataset.src; }
  });
})();
"""
SPUTNIK = """@font-face { font-family: "Ornamento"; src: url(/fonts/ornamento.ttf) format("truetype"); }
body { margin: 0 auto; max-width: 1100px; font-family: serif; background: #f3f3f3 url("/i/ground.png"); }
.header, .b-mainnav { background: #ff9600; padding: 10px; }
.header__menu li, .b-mainnav li { display: inline-block; margin-right: 1em; list-style: none; }
.article, .b-article { background: #fff; padding: 20px; }
.article__title::before, .b-article__header-title h1::before { content: "\\2766 "; font-family: "Ornamento"; }
.article__announce img, .b-article__header img { display: block; width: 100%; height: 360px; object-fit: cover; }
.article__quote { padding-left: 60px; background: url(../i/quote.svg) no-repeat; }
.schema_org { display: none; }
"""
QUOTE_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="16" height="28" fill="#ff9600"/>'
    '<rect x="22" width="16" height="28" fill="#ff9600"/></svg>\n'
)
