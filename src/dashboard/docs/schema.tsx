// A JSON Schema as people read it: what a value is, and what stands in it.
import type { Json } from '../../core/json.ts';
import { More } from '../parts/more.tsx';
import { type JsonObject, objectOf, resolve, wordsOf } from './document.ts';
import { Prose } from './prose.tsx';

const NONE: readonly string[] = [];

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** `JobAnswer` of `#/components/schemas/JobAnswer` */
const refName = (schema: JsonObject): string => wordsOf(schema.$ref).split('/').at(-1) ?? '';

const choicesOf = (schema: JsonObject): Json[] => [...list(schema.anyOf), ...list(schema.oneOf)];

/** `text`, `whole number or null`, `list of JobAnswer`, `"low" or "high"` */
export const kindOf = (document: Json, given: Json | undefined): string => {
  const schema = objectOf(given);
  const name = refName(schema);
  if (name !== '') return name;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const words = list(schema.enum);
  if (words.length > 0) return words.map((word) => JSON.stringify(word)).join(', ');
  const choices = choicesOf(schema);
  if (choices.length > 0) return choices.map((each) => kindOf(document, each)).join(' or ');
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'anything'];
  const format = wordsOf(schema.format);
  const told = types.map((type) =>
    type === 'array' ? `list of ${kindOf(document, schema.items)}` : String(type),
  );
  return `${told.join(' or ')}${format === '' ? '' : ` (${format})`}`;
};

const limits = { minimum: 'from', maximum: 'to', minLength: 'at least', maxLength: 'at most' };

const limitsOf = (schema: JsonObject): string =>
  Object.entries(limits)
    .flatMap(([key, words]) => {
      const value = schema[key];
      const said = typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;
      return said ? [`${words} ${value}${key.endsWith('Length') ? ' characters' : ''}`] : [];
    })
    .concat(schema.default === undefined ? [] : [`${JSON.stringify(schema.default)} unless given`])
    .join(', ');

interface Props {
  document: Json;
  schema: Json | undefined;
  /** it is what one sends: then what is required stands out, else what may be missing */
  sent: boolean;
}

interface WithinProps extends Props {
  level: number;
  /** names on the way here: a schema may lead back to itself */
  seen: readonly string[];
}

const Property = ({
  name,
  required,
  ...within
}: WithinProps & { name: string; required: boolean }) => {
  const { document, schema, sent } = within;
  const whole = resolve(document, schema);
  const more = limitsOf(whole);
  return (
    <li>
      <code>{name}</code> <span class="dim">{kindOf(document, schema)}</span>
      {required && sent && <strong class="needed"> required</strong>}
      {!required && !sent && <span class="dim"> · may be missing</span>}
      {more !== '' && <span class="dim"> · {more}</span>}
      {wordsOf(whole.description) !== '' && (
        <p>
          <Prose text={wordsOf(whole.description)} />
        </p>
      )}
      <Within {...within} />
    </li>
  );
};

/** What lies within: properties of the value, of the elements of a list, or of each choice. */
const Within = ({ document, schema, sent, level, seen }: WithinProps) => {
  const whole = resolve(document, schema);
  const name = refName(objectOf(schema));
  if (seen.includes(name)) return null;
  const next = { document, sent, level, seen: name === '' ? seen : [...seen, name] };
  const properties = Object.entries(objectOf(whole.properties));
  if (properties.length === 0) {
    const parts = [...choicesOf(whole), ...list(whole.allOf), whole.items ?? {}];
    return parts.map((part) =>
      Object.keys(objectOf(part)).length === 0 ? null : (
        <Within key={JSON.stringify(part)} {...next} schema={part} />
      ),
    );
  }
  const needed = list(whole.required);
  const shown = () => (
    <ul class="properties">
      {properties.map(([property, own]) => (
        <Property
          key={property}
          {...next}
          level={level + 1}
          schema={own}
          name={property}
          required={needed.includes(property)}
        />
      ))}
    </ul>
  );
  return level === 0 ? shown() : <More summary={name || 'What stands in it'}>{shown}</More>;
};

export const Schema = (props: Props) => (
  <div class="schema">
    <p class="dim">{kindOf(props.document, props.schema)}</p>
    <Within {...props} level={0} seen={NONE} />
  </div>
);
