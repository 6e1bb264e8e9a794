// Addresses of stores and of the webhook: what is wrong with one, in a sentence that never repeats it,
// since it may hold a password. Undefined = nothing is wrong.

const postgresForm = 'postgres://USER:PASSWORD@HOST/DATABASE';
const supabaseForm = 'https://REF.supabase.co';

const isPostgres = (text: string): boolean => /^postgres(ql)?:\/\//i.test(text);

const tryUrl = (text: string): URL | undefined => {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
};

const decodes = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/** A password with `/`, `?` or `#` ends the part before the host too early; the rest has its `@`. */
const isTornApart = ({ username, pathname, search, hash }: URL): boolean =>
  hash !== '' || pathname.includes('@') || (username === '' && search.includes('@'));

const postgresFault = (text: string): string | undefined => {
  if (/\[YOUR-PASSWORD\]/i.test(text)) {
    return 'still holds [YOUR-PASSWORD]: write the password of the database there';
  }
  if (/\s/.test(text)) return 'holds a space; write it as %20';
  const url = tryUrl(text);
  if (url === undefined || isTornApart(url)) {
    return `cannot be read; expected ${postgresForm}, with special characters of the password written as %40 for @, %23 for #, %2F for /, %3A for :, %3F for ?`;
  }
  const { username, password, hostname, pathname, searchParams } = url;
  if (![username, password, hostname, pathname].every(decodes)) {
    return 'holds a % that is not followed by two hexadecimal digits; write it as %25';
  }
  if (hostname === '' && !searchParams.has('host')) {
    return `names no host; expected ${postgresForm}`;
  }
  return undefined;
};

const later: [RegExp, string][] = [
  [/^nats:/i, 'NATS'],
  [/^rediss?:/i, 'Redis'],
  [/^consul:/i, 'Consul-resolved'],
];

export const notYet = (store: string): string =>
  `this version has no ${store} store yet; set DATABASE_URL to sqlite:PATH, to keep jobs in a file, or to ${postgresForm}`;

/** What DATABASE_URL may be. */
export const databaseFault = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : '';
  if (/^sqlite:(?:\/\/)?[^:\s]/.test(text)) return undefined;
  if (isPostgres(text)) return postgresFault(text);
  if (/^https?:/i.test(text)) {
    return `is no database address; a Supabase project is named by SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY, or by its ${postgresForm}`;
  }
  const wanted = later.find(([scheme]) => scheme.test(text));
  if (wanted) return notYet(wanted[1]);
  return `is not an address of the form sqlite:PATH or ${postgresForm}`;
};

/** What SUPABASE_DB_URL may be. */
export const postgresOnlyFault = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : '';
  if (isPostgres(text)) return postgresFault(text);
  return `is not the address of the project's database, ${postgresForm}`;
};

/** What SUPABASE_URL may be. */
export const supabaseFault = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : '';
  const expected = `expected the API address of the project, ${supabaseForm}`;
  if (isPostgres(text)) {
    return `is the address of a database, which goes into SUPABASE_DB_URL; ${expected}`;
  }
  const url = /^https?:\/\/[^\s]+$/i.test(text) ? tryUrl(text) : undefined;
  if (url === undefined || url.username !== '') return `cannot be read; ${expected}`;
  if (/^([a-z]+\.)?supabase\.(com|io)$/.test(url.hostname)) {
    return `is an address of the dashboard; ${expected}`;
  }
  if (/\/(rest|auth)\/v1\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    return `says more than where the project is; ${expected}`;
  }
  return undefined;
};

/** What a key of a Supabase project may be: it has to fit into an HTTP header. */
export const keyFault = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : '';
  if (/^[\x21-\x7e]+$/.test(text)) return undefined;
  return 'is no key of a Supabase project; expected eyJ… or sb_secret_…, without a space in it';
};

/** What ALERT_WEBHOOK_URL may be. Whoever sets it may name a server of his own network. */
export const webhookFault = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : '';
  const url = /^https?:\/\/\S+$/i.test(text) ? tryUrl(text) : undefined;
  if (url === undefined) return 'cannot be read; expected an http or https URL';
  if ([url.username, url.password].every(decodes)) return undefined;
  return 'holds a % in its user or password that is not followed by two hexadecimal digits; write it as %25';
};
