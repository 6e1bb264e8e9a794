// From the JSON Schema of a config to the fields of a form, and from what stands in them to the config.
import type { Json } from '../../core/json.ts';

/** What can be asked for in a form; anything else is asked for as JSON. */
export type FieldKind = 'text' | 'number' | 'yes_no' | 'choice' | 'lines' | 'json';

export interface SchemaField {
  name: string;
  kind: FieldKind;
  required: boolean;
  help: string;
  choices: string[];
}

type JsonObject = { [key: string]: Json };

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

const kindOf = (schema: JsonObject): FieldKind => {
  const { type, items } = schema;
  if (texts(schema.enum).length > 0) return 'choice';
  if (type === 'string') return 'text';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'boolean') return 'yes_no';
  return type === 'array' && isJsonObject(items) && items.type === 'string' ? 'lines' : 'json';
};

const bound = (words: string, value: Json | undefined): string[] =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER
    ? [`${words} ${value}`]
    : [];

const kindWords: Record<FieldKind, string> = {
  text: '',
  number: 'a number',
  yes_no: '',
  choice: '',
  lines: 'one on each line',
  json: 'as JSON',
};

const helpOf = (schema: JsonObject, kind: FieldKind): string => {
  const { description, default: usual, minimum, maximum, format, type } = schema;
  const words = type === 'integer' ? 'a whole number' : kindWords[kind];
  return [
    ...(typeof description === 'string' ? [description] : []),
    ...(words === '' ? [] : [words]),
    ...(typeof format === 'string' ? [format] : []),
    ...bound('from', minimum),
    ...bound('at most', maximum),
    ...(usual === undefined ? [] : [`${JSON.stringify(usual)} unless given`]),
  ].join(', ');
};

/** null = this is no object with named properties: then only JSON will do. */
export const fieldsOf = (schema: Json): SchemaField[] | null => {
  if (!isJsonObject(schema) || !isJsonObject(schema.properties)) return null;
  const needed = texts(schema.required);
  const fields = Object.entries(schema.properties).map(([name, property]) => {
    const own = isJsonObject(property) ? property : {};
    const kind = kindOf(own);
    const required = needed.includes(name) && own.default === undefined;
    return { name, kind, required, help: helpOf(own, kind), choices: texts(own.enum) };
  });
  return fields.length === 0 ? null : fields;
};

export type FieldTexts = Record<string, string>;

const NOT_READ = Symbol('cannot be read');

const readText = ({ kind }: SchemaField, text: string): Json | typeof NOT_READ => {
  if (kind === 'text' || kind === 'choice') return text;
  if (kind === 'lines') return text.split('\n').filter((line) => line.trim() !== '');
  if (kind === 'yes_no') return text === 'true';
  try {
    const value: Json = JSON.parse(text);
    return kind === 'number' && typeof value !== 'number' ? NOT_READ : value;
  } catch {
    return NOT_READ;
  }
};

export interface ReadConfig {
  config: JsonObject;
  /** by path, as the API names them: `config.url` */
  faults: Map<string, string>;
}

/** What is left empty is left out. */
export const configOf = (fields: readonly SchemaField[], given: FieldTexts): ReadConfig => {
  const read: ReadConfig = { config: {}, faults: new Map() };
  for (const field of fields) {
    const text = given[field.name] ?? '';
    if (text.trim() === '') continue;
    const value = readText(field, text);
    if (value !== NOT_READ) read.config[field.name] = value;
    else
      read.faults.set(
        `config.${field.name}`,
        `This is not ${field.kind === 'number' ? 'a number' : 'JSON'}.`,
      );
  }
  return read;
};

const textOf = ({ kind }: SchemaField, value: Json): string => {
  if (kind === 'lines') return texts(value).join('\n');
  if (kind === 'text' || kind === 'choice') return typeof value === 'string' ? value : '';
  return JSON.stringify(value);
};

/** The same config in fields; null = they would change it. */
export const textsOf = (fields: readonly SchemaField[], config: Json): FieldTexts | null => {
  if (!isJsonObject(config)) return null;
  const given = fields.filter(({ name }) => name in config);
  const shown = Object.fromEntries(
    given.map((field) => [field.name, textOf(field, config[field.name] ?? null)]),
  );
  const back = configOf(given, shown).config;
  const same = Object.entries(config).every(
    ([name, value]) => JSON.stringify(back[name]) === JSON.stringify(value),
  );
  // An input of one line would swallow the ends of lines.
  const broken = given.some(({ kind, name }) => kind === 'text' && shown[name]?.includes('\n'));
  return same && !broken ? shown : null;
};
