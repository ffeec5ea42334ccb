import { PAPER_STYLE } from '../../domain/paper/paper-style.js';
import { openOperation } from '../route.js';

/** Colours meet WCAG 2.2 AA (4.5:1) on their grounds, in light and in dark. */
const STYLE = `:root{color-scheme:light dark;--ink:#1c2430;--soft:#566274;--line:#dde3ea;--ground:#fff;--panel:#f5f7fa;--code:#eef2f7;--accent:#0b6b6b;--accent-ink:#fff;--get:#0b5fae;--post:#1e7a34;--put:#9a5a00;--bad:#a12a2a}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf2;--soft:#a3b0c2;--line:#2d3846;--ground:#12171e;--panel:#19212b;--code:#0d1218;--accent:#5cc9c0;--accent-ink:#06201e;--get:#7db8f5;--post:#77cf8b;--put:#f0b35c;--bad:#f29a9a}}
*{box-sizing:border-box}
html{scroll-padding-top:4.5rem}
body{margin:0;font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:var(--ink);background:var(--ground)}
a{color:var(--accent)}
a:focus-visible,pre:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
h1{font-size:2.1rem;line-height:1.2;letter-spacing:-.02em;margin:0 0 .75rem;text-wrap:balance}
h2{font-size:1.4rem;letter-spacing:-.01em}
h3{font-size:1.12rem;margin:0 0 .25rem}
h4{font-size:.92rem;margin:0 0 .5rem}
h5{font-size:.78rem;margin:1rem 0 .35rem;color:var(--soft);text-transform:uppercase;letter-spacing:.05em}
.top{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:center;justify-content:space-between;padding:.7rem clamp(1rem,4vw,2.5rem);background:var(--ground);border-bottom:1px solid var(--line)}
.top nav{display:flex;flex-wrap:wrap;gap:1.25rem}
.top nav a{color:var(--soft);text-decoration:none}
.top nav a:hover{color:var(--accent);text-decoration:underline}
.brand{display:flex;align-items:center;gap:.55rem;font-weight:700;font-size:1.1rem;color:var(--ink);text-decoration:none}
.mark{width:1.6rem;height:1rem;border-radius:1rem;border:3px solid var(--accent);border-right-color:transparent;position:relative}
.mark::after{content:"";position:absolute;right:-.35rem;top:50%;width:.5rem;height:.5rem;margin-top:-.25rem;border-radius:50%;background:var(--accent)}
.single{max-width:60rem;margin:0 auto;padding:2.5rem clamp(1rem,4vw,2.5rem) 5rem}
.columns{display:grid;grid-template-columns:17rem minmax(0,1fr);max-width:92rem;margin:0 auto}
.columns main{padding:2.5rem clamp(1rem,4vw,3rem) 6rem;min-width:0}
aside{border-right:1px solid var(--line)}
aside nav{position:sticky;top:3.4rem;max-height:calc(100vh - 3.4rem);overflow:auto;padding:1.5rem 1rem 2rem 1.25rem;font-size:.88rem;line-height:1.4}
aside h2{font-size:.78rem;text-transform:uppercase;letter-spacing:.06em;margin:1.4rem 0 .35rem}
aside h2:first-child{margin-top:0}
aside h2 a{color:var(--soft);text-decoration:none}
aside ul{list-style:none;margin:0;padding:0}
aside li a{display:flex;gap:.5rem;padding:.25rem .4rem;border-radius:.35rem;color:var(--ink);text-decoration:none}
aside li a:hover{background:var(--panel)}
aside .method{flex:none;width:2.6rem;padding-top:.1rem}
.lead{font-size:1.15rem;color:var(--soft);max-width:46rem;margin-top:0}
main>p,.rules{max-width:46rem}
.rules{padding-left:1.1rem;color:var(--soft)}
.chapter{margin-top:3rem}
.chapter>h2{padding-bottom:.4rem;border-bottom:2px solid var(--line)}
article{padding:1.75rem 0;border-bottom:1px solid var(--line)}
article>p{max-width:46rem;margin:.4rem 0}
.line{font-size:1rem}
.method{font:700 .72rem/1.4 ui-monospace,Menlo,Consolas,monospace;text-transform:uppercase;color:var(--get)}
.method.post{color:var(--post)}
.method.put{color:var(--put)}
.line .method{display:inline-block;font-size:.8rem;border:1px solid;border-radius:.3rem;padding:.05rem .45rem;margin-right:.35rem}
.who{color:var(--soft);font-size:.92rem}
.who strong{font-weight:600;margin-right:.4rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{font-size:.88em;overflow-wrap:anywhere}
pre{margin:0;padding:.85rem 1rem;background:var(--code);border:1px solid var(--line);border-radius:.5rem;overflow:auto;max-height:24rem;font-size:.8rem;line-height:1.5}
pre code{font-size:inherit;overflow-wrap:normal}
.type{margin:0 0 .3rem;font-size:.78rem;color:var(--soft)}
.examples{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1.5rem;margin-top:1rem}
.examples section>h4:not(:first-child){margin-top:1.25rem}
.status{font:700 .8rem ui-monospace,Menlo,Consolas,monospace;color:var(--post);margin-right:.3rem}
.status.s3{color:var(--get)}
.status.s4,.status.s5{color:var(--bad)}
table{border-collapse:collapse;width:100%;max-width:60rem;margin:.75rem 0;font-size:.9rem}
caption{text-align:left;font-weight:600;font-size:.92rem;padding-bottom:.25rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);font-weight:400}
thead th{font-weight:600}
th em{font-style:normal;font-size:.78rem;color:var(--bad)}
.codes td:first-child{white-space:nowrap}
.codes tr:target{background:var(--panel)}
.hero{padding:1.5rem 0 1rem}
.hero h1{font-size:clamp(2rem,5vw,3rem);max-width:38rem}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
.button{display:inline-block;padding:.7rem 1.2rem;border-radius:.5rem;background:var(--accent);color:var(--accent-ink);font-weight:600;text-decoration:none;border:2px solid var(--accent)}
.button.quiet{background:transparent;color:var(--accent)}
.steps{list-style:none;counter-reset:step;margin:1rem 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:1rem}
.steps li{counter-increment:step;background:var(--panel);border:1px solid var(--line);border-radius:.75rem;padding:1.1rem 1.2rem}
.steps li::before{content:counter(step);display:block;font-weight:700;color:var(--accent)}
.steps p{margin:.25rem 0 0;color:var(--soft);font-size:.95rem}
@media (max-width:60rem){.columns{display:block}aside{border:0;border-bottom:1px solid var(--line)}aside nav{position:static;max-height:none;columns:2;column-gap:2rem}.examples{grid-template-columns:minmax(0,1fr)}html{scroll-padding-top:6rem}}
/* A bar of several lines, or at 400 % zoom, goes with the page: nothing that has the focus is behind it (WCAG 2.4.11). */
@media (max-width:36rem),(max-height:34rem){.top{position:static}html{scroll-padding-top:0}}
@media (max-width:36rem){aside nav{columns:1}.codes td{overflow-wrap:anywhere}.codes td:first-child{white-space:normal;min-width:8rem}}
@media print{.top,aside{display:none}pre{max-height:none}}
`;

/** Of the pages that are printed (domain/paper). */
export const showPaperStyle = openOperation({
  group: 'site',
  id: 'showPaperStyle',
  summary: { en: 'Style sheet of printed pages', fr: 'Feuille de style des pages imprimées' },
  responses: { 200: { description: { en: 'CSS', fr: 'CSS' }, mediaType: 'text/css; charset=utf-8' } },
  handle: () => ({ status: 200, body: PAPER_STYLE }),
});

export const showStyle = openOperation({
  group: 'site',
  id: 'showStyle',
  summary: { en: 'Style sheet', fr: 'Feuille de style' },
  responses: { 200: { description: { en: 'CSS', fr: 'CSS' }, mediaType: 'text/css; charset=utf-8' } },
  handle: () => ({ status: 200, body: STYLE }),
});
