// `${env:NAME}` in a request: filled in from the secrets this instance allows, and masked again in
// everything that comes back.
import type { Json } from '../../core/json.ts';
import { Discard } from '../../errors.ts';

export interface Secrets {
  /** HTTP_REQUEST_SECRETS: the only names that may be read */
  secret_names: string[];
  values: Readonly<Record<string, string>>;
}

const PLACEHOLDER = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;
const MASK = '***';

/** False when a placeholder is begun but is not `${env:NAME}`. */
export const placeholdersAreWhole = (text: string): boolean =>
  !text.replace(PLACEHOLDER, '').includes('${env:');

export const hasPlaceholder = (text: string): boolean => text.search(PLACEHOLDER) !== -1;

const secretOf = ({ secret_names, values }: Secrets, name: string): string => {
  if (!secret_names.includes(name)) {
    throw new Discard(
      `\${env:${name}} may not be read: add ${name} to HTTP_REQUEST_SECRETS where this job runs`,
    );
  }
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined || value === '') {
    throw new Discard(
      `\${env:${name}} has no value: HTTP_REQUEST_SECRETS allows ${name}, but it is not set`,
    );
  }
  return value;
};

/** Throws Discard naming the setting when a name is not allowed or has no value. */
export const fillIn = (text: string, secrets: Secrets): string =>
  text.replace(PLACEHOLDER, (_whole, name: string) => secretOf(secrets, name));

/** At the very start a secret is a base address, taken as it is; further on it is one component. */
export const fillInUrl = (url: string, secrets: Secrets): string =>
  url.replace(PLACEHOLDER, (_whole, name: string, at: number) =>
    at === 0 ? secretOf(secrets, name) : encodeURIComponent(secretOf(secrets, name)),
  );

/** Fills in every text of a JSON value; keys stay as they are. */
export const fillInJson = (value: Json, secrets: Secrets): Json => {
  if (typeof value === 'string') return fillIn(value, secrets);
  if (Array.isArray(value)) return value.map((item) => fillInJson(item, secrets));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, item]) => [key, fillInJson(item, secrets)]);
  return Object.fromEntries(entries);
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The value, and the ways in which an answer may spell it. */
const spellings = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  new URLSearchParams({ v: value }).toString().slice(2),
  JSON.stringify(value).slice(1, -1),
  base64(value),
  base64(value).replace(/=+$/, ''),
];

export interface Mask {
  (text: string): string;
  /** length in bytes of the longest text that is masked */
  readonly longest: number;
}

/** Replaces every allowed secret, and the texts given besides, however they are spelled. */
export const maskOf = ({ secret_names, values }: Secrets, besides: string[]): Mask => {
  const secret = secret_names.flatMap((name) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : '',
  );
  const hidden = [...new Set([...secret, ...besides].filter(Boolean).flatMap(spellings))];
  // Longest first, so that a secret inside another one does not leave the rest of it.
  hidden.sort((a, b) => b.length - a.length);
  const mask = (text: string) => hidden.reduce((masked, one) => masked.replaceAll(one, MASK), text);
  const longest = Math.max(0, ...hidden.map((one) => Buffer.byteLength(one)));
  return Object.assign(mask, { longest });
};
