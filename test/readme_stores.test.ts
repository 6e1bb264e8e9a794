// What the README says of Postgres and Supabase is done here, word by word, with real addresses.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from '@jest/globals';
import { build } from './cli/bundle.ts';
import { blocks, section, shellLines } from './readme/markdown.ts';
import { root } from './structure/source.ts';
import { describePostgres, newDatabase } from './support/postgres.ts';
import { query } from './support/servers/postgres.ts';
import { describeSupabase, startProject } from './support/supabase.ts';
import { tempFolder } from './support/temp.ts';

beforeAll(build);

const cloudJobs = `'${process.execPath}' '${join(root, 'dist/cloud-jobs.cjs')}'`;

/** Runs lines of the README in one shell, up to the first that fails. */
const runLines = async (lines: string[], cwd: string) => {
  const script = lines.join('\n').replaceAll('npx cloud-jobs', cloudJobs);
  const env = { PATH: process.env.PATH };
  const child = spawn('sh', ['-e', '-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const [[code], out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
};

/** The text with what stands for a value replaced by it; each must be there. */
const fill = (words: string, values: Record<string, string>): string =>
  Object.entries(values).reduce((filled, [name, value]) => {
    expect(filled).toContain(name);
    return filled.replaceAll(name, value);
  }, words);

describePostgres('the README on Postgres', () => {
  test('has the lines that set it up', async () => {
    const { url } = await newDatabase();
    const address = { 'postgres://USER:PASSWORD@HOST/DATABASE': `'${url}'` };
    const lines = fill(shellLines(section('Postgres')).join('\n'), address).split('\n');
    const ran = await runLines(lines, tempFolder());
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('Created the tables in Postgres database');
    expect(ran.out).toContain('All works.');
  });
});

describeSupabase('the README on Supabase', () => {
  test('has the lines that set a project up by its SQL editor', async () => {
    const project = await startProject();
    const folder = tempFolder();
    const [settings = ''] = blocks('ini', section('Supabase'));
    const { url, secret_key } = project;
    const values = { 'https://REF.supabase.co': url, sb_secret_KEY: secret_key };
    writeFileSync(join(folder, '.env'), fill(settings, values));
    const [print = '', ...rest] = shellLines(section('Supabase'));
    expect(await runLines([print], folder)).toEqual({ code: 0, out: '', err: '' });
    // In between a person pastes the file into the editor, and once more.
    const sql = readFileSync(join(folder, 'cloud-jobs.sql'), 'utf8');
    await query(project.database.url, sql);
    await query(project.database.url, sql);
    await project.reload_schema();
    const ran = await runLines(rest, folder);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('All works.');
  });
});
