// node draw.mjs STORY.json DASHBOARD.json PICTURE.png: bundles panels.jsx with the results in STORY.json and takes a screenshot in Chromium.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const [story, dashboard, picture] = process.argv.slice(2);
if (!picture) {
  console.error('Usage: node draw.mjs STORY.json DASHBOARD.json PICTURE.png');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'csv-backup-picture-'));
await build({
  entryPoints: [new URL('panels.jsx', import.meta.url).pathname],
  bundle: true,
  minify: true,
  jsx: 'automatic',
  outfile: join(folder, 'panels.js'),
  loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
  define: {
    'process.env.NODE_ENV': '"production"',
    global: 'window',
    STORY: readFileSync(story, 'utf8'),
    DASHBOARD: readFileSync(dashboard, 'utf8'),
  },
  logLevel: 'error',
});
writeFileSync(
  join(folder, 'index.html'),
  '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="panels.css"><style>button { all: unset; color: inherit; font: inherit }</style><body style="margin:0"><div id="root"></div><script src="panels.js"></script>'
);
execFileSync(
  process.env.CHROMIUM ?? 'chromium',
  ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=1200,760', '--virtual-time-budget=8000',
    `--screenshot=${picture}`, `file://${join(folder, 'index.html')}`],
  { stdio: ['ignore', 'ignore', 'ignore'] }
);
