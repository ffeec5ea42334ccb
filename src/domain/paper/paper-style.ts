/**
 * Style of pages that are made to be printed and handed over: black on white, readable at arm's length, no colour that
 * carries meaning alone, A4 with room for a hole punch. Fonts are the reader's own.
 */
export const PAPER_STYLE = `@page{size:A4;margin:18mm 18mm 20mm 22mm}
*{box-sizing:border-box}
html{color-scheme:light}
body{margin:0;background:#fff;color:#16202c;font:11.5pt/1.5 "Noto Sans","Segoe UI",system-ui,-apple-system,Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:178mm;margin:0 auto;padding:12mm 8mm 18mm}
header{display:flex;justify-content:space-between;align-items:flex-end;gap:8mm;padding-bottom:4mm;border-bottom:1.2pt solid #16202c;margin-bottom:6mm}
header p{margin:0;color:#4a5666;font-size:10pt;text-align:end}
.brand{font-weight:700;font-size:11pt;color:#0b5a5a;text-align:start;letter-spacing:.01em}
h1{font-size:20pt;line-height:1.2;margin:0 0 3mm;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:13.5pt;margin:9mm 0 3mm;break-after:avoid}
h3{font-size:12pt;margin:0 0 1.5mm;break-after:avoid}
p{margin:0 0 2.5mm}
.lead{font-size:12.5pt;color:#2b3747}
.sum{display:flex;flex-wrap:wrap;gap:3mm;list-style:none;padding:0;margin:5mm 0 0}
.sum li{border:.8pt solid #b9c3cf;border-radius:2mm;padding:2mm 4mm;min-width:30mm}
.sum strong{display:block;font-size:17pt;line-height:1.15}
article{border:.8pt solid #b9c3cf;border-radius:2.5mm;padding:4.5mm 5mm;margin:0 0 4mm;break-inside:avoid}
article.left{border-left:3.2pt solid #0b5a5a}
article.kept{border-left:3.2pt double #6a7685}
.is{color:#4a5666;font-size:10.5pt;margin-top:-1mm}
.state{display:inline-block;font-size:9.5pt;font-weight:700;border:.8pt solid currentColor;border-radius:1.2mm;padding:.2mm 2mm;margin-inline-end:2.5mm;vertical-align:.4mm}
.left .state{color:#0b5a5a}
.kept .state{color:#4a5666}
.state.bad{color:#8f1d1d}
.state.good{color:#17652c}
dl{display:grid;grid-template-columns:42mm minmax(0,1fr);gap:.8mm 4mm;margin:2.5mm 0 0;font-size:10.5pt}
dt{color:#4a5666}
dd{margin:0;overflow-wrap:anywhere}
ul{margin:1mm 0;padding-inline-start:5mm}
table{border-collapse:collapse;width:100%;font-size:9.5pt;margin:2mm 0 4mm}
th,td{text-align:start;vertical-align:top;padding:1.3mm 2.5mm 1.3mm 0;border-bottom:.6pt solid #d2d9e1;font-weight:400}
thead th{font-weight:700}
tr{break-inside:avoid}
code{font:9pt/1.4 ui-monospace,"Noto Sans Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
blockquote{margin:1.5mm 0;padding-inline-start:3.5mm;border-inline-start:1.6pt solid #b9c3cf}
footer{margin-top:8mm;padding-top:3mm;border-top:.6pt solid #b9c3cf;color:#4a5666;font-size:9.5pt}
@media screen{body{background:#eef1f4}main{background:#fff;margin:6mm auto;box-shadow:0 1px 6px rgba(0,0,0,.18);padding:16mm}}
@media screen and (max-width:46rem){main{margin:0;padding:6mm;box-shadow:none}dl{grid-template-columns:1fr}dd{margin-bottom:1.5mm}}
@media print{main{padding:0;max-width:none}}
`;
