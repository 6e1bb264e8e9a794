// Where settings come from, strongest first: flags, environment, `.env`, config file. Values are
// still raw here; each carries the words that tell a person where to change it.
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Problem } from '../errors.ts';
import { nearest } from './nearest.ts';
import { type SettingKey, settingKeys, settingRow } from './table.ts';

export type Variables = Record<string, string | undefined>;

/** Raw values by setting, and `config` with the path of the config file. */
export type Flags = Partial<Record<SettingKey | 'config', unknown>>;

/** A value as it came, and the place to change it: `--max-jobs`, `DATABASE_URL in .env`. */
export interface Given {
  value: unknown;
  from: string;
}

export interface Source {
  get(key: SettingKey): Given | undefined;
}

// A blank value counts as absent in files and variables, where it is a common way to unset one.
const present = (value: unknown): boolean =>
  value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');

/** The first words of a row's flag: `--max-jobs`. */
const flagName = (flag: string): string => flag.split(' ')[0] ?? flag;

export const fromFlags = (flags: Flags): Source => ({
  get: (key) => {
    const value = flags[key];
    if (value === undefined || value === null) return undefined;
    const { flag } = settingRow(key);
    return { value, from: flag === null ? key : flagName(flag) };
  },
});

export const fromVariables = (variables: Variables, where: string): Source => ({
  get: (key) => {
    const { env } = settingRow(key);
    const value = variables[env];
    return present(value) ? { value, from: `${env} in ${where}` } : undefined;
  },
});

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const whyUnreadable = (error: unknown): string =>
  `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;

/** The variables of `.env` in `cwd`; none when there is no such file. */
export const readDotEnv = (cwd: string, problems: Problem[]): Variables => {
  try {
    return { ...parseEnv(readIfThere(resolve(cwd, '.env')) ?? '') };
  } catch (error) {
    problems.push({ path: '.env', message: whyUnreadable(error) });
    return {};
  }
};

const unknownKey = (key: string): string => {
  const near = nearest(key, settingKeys);
  if (near.length > 0) return `unknown setting; did you mean ${near.join(' or ')}?`;
  return `unknown setting; known are ${settingKeys.join(', ')}`;
};

const parseConfigFile = async (text: string, label: string, problems: Problem[]) => {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: true });
  const [fault] = document.errors;
  if (fault) {
    const [line] = fault.message.split('\n');
    problems.push({ path: label, message: `is not YAML: ${line?.replace(/:$/, '')}` });
    return {};
  }
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    problems.push({ path: label, message: 'holds no `setting: value` lines' });
    return {};
  }
  return content as Record<string, unknown>;
};

/**
 * The config file: `--config PATH`, which must exist, or `config.yaml` in `cwd` when it is there.
 * The YAML reader is loaded only when there is something to read.
 */
export const fromConfigFile = async (
  path: unknown,
  cwd: string,
  problems: Problem[],
): Promise<Source> => {
  const named = typeof path === 'string' ? path : undefined;
  const label = named === undefined ? 'config.yaml' : basename(named);
  let text: string | undefined;
  try {
    text = readIfThere(resolve(cwd, named ?? 'config.yaml'));
  } catch (error) {
    problems.push({ path: named ?? label, message: whyUnreadable(error) });
  }
  if (text === undefined) {
    if (named !== undefined && problems.every((problem) => problem.path !== named)) {
      problems.push({ path: '--config', message: `there is no file ${named}` });
    }
    return { get: () => undefined };
  }
  const content = await parseConfigFile(text, label, problems);
  for (const key of Object.keys(content)) {
    if (settingKeys.some((known) => known === key)) continue;
    problems.push({ path: `${key} in ${label}`, message: unknownKey(key) });
  }
  return {
    get: (key) => {
      const value = Object.hasOwn(content, key) ? content[key] : undefined;
      return present(value) ? { value, from: `${key} in ${label}` } : undefined;
    },
  };
};
