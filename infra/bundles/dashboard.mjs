// The dashboard: its two pages with their scripts and styles, packed into one file that the API reads.
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = 'src/dashboard';

/** In bytes of the packed file, which is a third larger than what is sent: base64. */
export const budget = 64_000;

/** By the path they are served at: the page, and what it is made of. */
const pages = { '/': 'index.html', '/docs': 'docs.html' };
const entries = { dashboard: 'main.tsx', docs: 'docs.tsx', style: 'style/main.css' };
const types = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const typeOf = (name) => types[name.slice(name.lastIndexOf('.') + 1)];

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

const pack = (name, bytes) => ({
  content_type: typeOf(name),
  etag: `"${hashOf(bytes)}"`,
  gzip: gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }).toString('base64'),
});

/** Scripts and styles, by name. */
const compile = async () => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      Object.entries(entries).map(([name, file]) => [name, `${folder}/${file}`]),
    ),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: `${folder}/tsconfig.json`,
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    outdir: 'assets',
    write: false,
  });
  return outputFiles.map(({ path, contents }) => [path.slice(path.lastIndexOf('/') + 1), contents]);
};

const source = (name) => readFileSync(new URL(`../../${folder}/${name}`, import.meta.url));

/** Pages name their assets with a hash of the content, so that browsers may keep them for long. */
const withHashes = (html, assets) =>
  assets.reduce(
    (text, [name, bytes]) => text.replaceAll(`assets/${name}`, `assets/${name}?v=${hashOf(bytes)}`),
    html,
  );

/** Writes the packed file; `module.exports` of it are assets by path. */
export const buildDashboard = async (outfile) => {
  const assets = [...(await compile()), ['icon.svg', source('icon.svg')]];
  const packed = assets.map(([name, bytes]) => [`/assets/${name}`, pack(name, bytes)]);
  for (const [path, name] of Object.entries(pages)) {
    const html = withHashes(source(name).toString(), assets);
    packed.push([path, pack(name, Buffer.from(html))]);
  }
  const text = JSON.stringify(Object.fromEntries(packed));
  writeFileSync(outfile, `module.exports=${text};\n`);
  return statSync(outfile).size;
};
