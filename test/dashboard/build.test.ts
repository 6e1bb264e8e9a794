// The dashboard as it is packed: what is in the file, and how large it is.
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildPages, type Pages } from './site.ts';

describe('the packed dashboard', () => {
  let pages: Pages;
  let size: { bytes: number; budget: number };
  const textOf = (path: string) => gunzipSync(Buffer.from(pages[path]!.gzip, 'base64')).toString();

  beforeAll(async () => {
    const { pages: built, ...rest } = await buildPages();
    pages = built;
    size = rest;
  });

  test('is within its budget, and what a browser loads for a page within 40 KB', () => {
    expect(size.bytes).toBeLessThanOrEqual(size.budget);
    const sent = (path: string) => Buffer.from(pages[path]!.gzip, 'base64').length;
    const loaded = ['/', '/assets/dashboard.js', '/assets/style.css', '/assets/icon.svg'];
    expect(loaded.reduce((sum, path) => sum + sent(path), 0)).toBeLessThanOrEqual(40_000);
  });

  test.each(['/', '/docs'])('names in %s only its own files, each by its content', (path) => {
    const html = textOf(path);
    const named = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address = '']) => address);
    expect(named).toHaveLength(3);
    for (const address of named) {
      const [file, query] = address.split('?');
      const asset = pages[`/${file}`]!;
      expect(asset.etag).toBe(`"${query?.replace('v=', '')}"`);
    }
  });

  test('has no script and no style within its pages, which its policy would refuse', () => {
    for (const path of ['/', '/docs']) {
      expect(textOf(path)).not.toMatch(/<script(?![^>]+src=)|<style|\sstyle=|\son\w+=/);
    }
  });

  test('says of each file what it is', () => {
    const types = Object.entries(pages).map(([path, { content_type }]) => [path, content_type]);
    expect(Object.fromEntries(types)).toEqual({
      '/': 'text/html; charset=utf-8',
      '/docs': 'text/html; charset=utf-8',
      '/assets/dashboard.js': 'text/javascript; charset=utf-8',
      '/assets/docs.js': 'text/javascript; charset=utf-8',
      '/assets/style.css': 'text/css; charset=utf-8',
      '/assets/icon.svg': 'image/svg+xml',
    });
  });

  test('is the same, byte for byte, when it is built again', async () => {
    expect((await buildPages()).pages).toEqual(pages);
  });
});
