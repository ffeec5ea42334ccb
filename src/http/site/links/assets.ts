import { openOperation } from '../../route.js';

/** Large type, one column, colours of at least 4.5:1 on their grounds in light and dark (WCAG 2.2, 1.4.3), targets of 44 px. */
const STYLE = `:root{color-scheme:light dark;--ink:#17212d;--soft:#465363;--line:#c3ccd6;--ground:#fff;--panel:#f3f6f9;--accent:#0a5c5c;--accent-ink:#fff;--warn:#8a1f1f;--warn-ground:#fdf1f0}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#b3bfcd;--line:#425062;--ground:#11161d;--panel:#1a222c;--accent:#6fd2c8;--accent-ink:#06201e;--warn:#ffb3ab;--warn-ground:#2b1716}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:18px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",Arial,sans-serif;overflow-wrap:break-word}
a{color:var(--accent)}
a:focus-visible,button:focus-visible,input:focus-visible,textarea:focus-visible,main:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
main:focus{outline:0}
.skip{position:absolute;left:-999em}
.skip:focus{left:.5rem;top:.5rem;padding:.6rem 1rem;background:var(--ground);z-index:2}
header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;padding:.6rem 1rem;border-bottom:1px solid var(--line)}
.brand{margin:0;font-weight:700;color:var(--accent)}
.tools{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.tools form{margin:0}
main{max-width:42rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .75rem;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.25;margin:2.25rem 0 .75rem}
h3{font-size:1.1rem;margin:0 0 .35rem}
p{margin:0 0 .9rem}
ul{margin:.4rem 0;padding-inline-start:1.3rem}
.lead{font-size:1.1rem;color:var(--soft)}
.note{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem}
.alert{background:var(--warn-ground);color:var(--warn);border:2px solid currentColor;border-radius:.6rem;padding:.8rem 1rem}
.alert,.note{margin:0 0 1.25rem}
.alert p:last-child,.note p:last-child{margin:0}
.sum{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:.6rem;list-style:none;padding:0;margin:1.25rem 0}
.sum li{border:1px solid var(--line);border-radius:.6rem;padding:.6rem .7rem;font-size:.95rem;line-height:1.3}
.sum strong{display:block;font-size:1.6rem;line-height:1.15}
article>h2{font-size:1.1rem;margin:0 0 .35rem}
article{border:1px solid var(--line);border-radius:.7rem;padding:1rem;margin:0 0 1rem;background:var(--panel)}
article.left{border-inline-start:5px solid var(--accent)}
article.kept{border-inline-start:5px double var(--soft)}
section>article{padding:.75rem 1rem;margin:0 0 .6rem}
section>article>dl{margin:0}
.part{margin-top:.75rem;padding-inline-start:.75rem;border-inline-start:3px solid var(--line)}
.part>.is{margin:0 0 .25rem;font-weight:600}
.part .entry+.entry{margin-top:.6rem;padding-top:.6rem;border-top:1px solid var(--line)}
.part dl{margin:0}
.note h2{margin-top:.25rem}
.is{color:var(--soft);margin-top:-.25rem}
.said{white-space:pre-wrap}
.state{display:inline-block;font-size:.85rem;border:1px solid currentColor;border-radius:.35rem;padding:.05rem .5rem;margin-inline-end:.6rem;vertical-align:.08em;color:var(--soft)}
.left .state{color:var(--accent)}
dl{margin:.75rem 0 0;display:grid;grid-template-columns:11rem minmax(0,1fr);gap:.3rem 1rem;font-size:1rem}
dt{color:var(--soft)}
dd{margin:0}
blockquote{margin:.4rem 0;padding-inline-start:.9rem;border-inline-start:4px solid var(--line)}
label,legend{font-weight:600;display:block;margin:0 0 .25rem}
fieldset{border:0;margin:0 0 1.25rem;padding:0}
.hint{color:var(--soft);font-size:1rem;margin:0 0 .4rem}
.field{margin:0 0 1.25rem}
input[type=text],textarea,select{width:100%;font:inherit;color:inherit;background:var(--ground);border:2px solid var(--soft);border-radius:.5rem;padding:.6rem .7rem;min-height:48px}
.code{max-width:12rem;font-size:1.6rem!important;letter-spacing:.2em;font-variant-numeric:tabular-nums}
.aside{margin-top:2rem;padding-top:1rem;border-top:1px solid var(--line)}
.choice{display:flex;gap:.7rem;align-items:flex-start;padding:.55rem 0;font-weight:400}
.choice input{width:1.4rem;height:1.4rem;margin:.1rem 0 0;flex:none;accent-color:var(--accent)}
.do{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.1rem 0 0}
.do form{margin:0}
button,.button{font:inherit;font-weight:600;display:inline-block;min-height:48px;padding:.6rem 1.2rem;border-radius:.6rem;border:2px solid var(--accent);background:var(--accent);color:var(--accent-ink);text-decoration:none;text-align:center;cursor:pointer}
.button.second,button.second{background:transparent;color:var(--accent)}
.quiet{background:transparent;color:var(--accent);border:0;padding:.5rem .4rem;font-weight:400;min-height:44px;display:inline-flex;align-items:center;text-decoration:underline}
.button.small{min-height:44px;padding:.45rem .9rem;font-weight:600}
footer{margin-top:2.5rem;color:var(--soft);font-size:1rem}
@media (max-width:34rem){dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin:0 0 .55rem}main{padding:1.1rem .9rem 3rem}h1{font-size:1.5rem}.wide{display:block;width:100%}.do>.button,.do>form,.do>form>button,.do>button{width:100%}.sum li{padding:.5rem;font-size:.85rem}}
@media (forced-colors:active){button,.button,article,.note{border:1px solid}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--line:#999;--ground:#fff;--panel:#fff;--accent:#000}.tools,.do,.skip,.screen{display:none}main{max-width:none;padding:.75rem 0 0}body{font-size:11pt}article{break-inside:avoid}header{padding:0 0 .5rem}}
`;

/**
 * Reads the token from the fragment into the form, and takes it out of the address. That part of an address reaches no
 * server (RFC 3986 section 3.5). Without it the link is pasted by hand. Written for browsers of ten years ago.
 */
const SCRIPT = `function read() {
  var field = document.getElementById('token');
  var token = location.hash.slice(1);
  if (!field || !/^[A-Za-z0-9_-]{43}$/.test(token)) return;
  field.value = token;
  document.getElementById('by-hand').hidden = true;
  var other = document.getElementById('other');
  if (other) other.href = other.href.split('#')[0] + '#' + token;
  if (history.replaceState) history.replaceState(null, '', location.pathname + location.search);
}
read();
// A link that is pasted over the address of this page loads nothing anew.
window.onhashchange = read;
`;

export const showLinkStyle = openOperation({
  group: 'site',
  id: 'showLinkStyle',
  summary: { en: 'Style sheet of the pages of links', fr: 'Feuille de style des pages des liens' },
  responses: { 200: { description: { en: 'CSS', fr: 'CSS' }, mediaType: 'text/css; charset=utf-8' } },
  handle: () => ({ status: 200, body: STYLE }),
});

export const showLinkScript = openOperation({
  group: 'site',
  id: 'showLinkScript',
  summary: { en: 'Reads a link’s fragment', fr: 'Lit le fragment d’un lien' },
  responses: {
    200: { description: { en: 'JavaScript', fr: 'JavaScript' }, mediaType: 'text/javascript; charset=utf-8' },
  },
  handle: () => ({ status: 200, body: SCRIPT }),
});
