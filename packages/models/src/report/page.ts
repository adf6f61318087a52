import { escaped } from '../document/html.ts';

/** The parts as one file that asks nothing of the network and runs no script. */
export function page(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${parts.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`;
}

const style = `
:root { --ink: #1d2530; --soft: #5d6875; --line: #dfe4ea; --paper: #ffffff; --panel: #f6f8fa; --accent: #1f6feb; --warn: #9a5b00; --warn-paper: #fff6e3; --good: #176f3d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9ef; --soft: #98a4b2; --line: #303944; --paper: #12171d; --panel: #1a2129; --accent: #6cabff; --warn: #f2c063; --warn-paper: #2c2413; --good: #6fd39b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 40px 28px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 44px 0 12px; padding-top: 14px; border-top: 1px solid var(--line); }
p { margin: 6px 0; max-width: 76ch; }
.lead { color: var(--soft); font-size: 17px; }
.note { color: var(--soft); }
.warning { color: var(--warn); background: var(--warn-paper); border-left: 3px solid var(--warn); padding: 8px 12px; max-width: none; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--warn); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 14px 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 12px 0; }
th, td { padding: 4px 10px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { color: var(--soft); font-weight: 500; border-bottom: 1.5px solid var(--soft); }
th[scope="row"], th:first-child { text-align: left; font-weight: 500; padding-left: 0; }
.cell { display: block; margin: -4px -10px; padding: 4px 10px; background: color-mix(in srgb, var(--accent) calc(var(--share) * 0.45), transparent); }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); gap: 20px; }
.small { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 12px; }
figure { margin: 0; background: var(--panel); border-radius: 8px; padding: 12px; break-inside: avoid; }
figcaption { font-size: 13px; font-weight: 600; margin-bottom: 6px; overflow-wrap: anywhere; }
.plot { display: block; width: 100%; height: auto; max-width: 100%; color: var(--ink); background: none; font: 11px system-ui, sans-serif; --plot-background: var(--panel); }
.plot { overflow: visible; }
.plot text { white-space: pre; fill: var(--ink); }
pre { background: var(--panel); border-radius: 8px; padding: 12px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px; }
@media print { :root { --ink: #000; --soft: #444; --line: #ccc; --paper: #fff; --panel: #fff; --accent: #1f6feb; --warn: #7a4700; --warn-paper: #fff; --good: #176f3d; } main { padding: 0; max-width: none; } section { break-inside: auto; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
`;
