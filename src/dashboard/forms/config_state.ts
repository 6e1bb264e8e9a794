// What stands in the part of a form that asks for a config: fields, or JSON.
import { useState } from 'preact/hooks';
import type { JobTypeAnswer } from '../../client/client.ts';
import type { Json } from '../../core/json.ts';
import { configOf, type FieldTexts, fieldsOf, type SchemaField, textsOf } from './schema_fields.ts';

export interface ConfigState {
  /** null = the type's config has no fields */
  fields: SchemaField[] | null;
  as_json: boolean;
  texts: FieldTexts;
  json: string;
  /** why the one cannot be turned into the other */
  stuck: string | null;
  setText: (name: string, text: string) => void;
  setJson: (json: string) => void;
  turn: () => void;
  /** the config, or what is wrong with it before it is sent */
  read: () => { config: Json; faults: Map<string, string> };
  /** the paths that have a field of their own */
  paths: string[];
}

const parse = (text: string): { value: Json } | null => {
  try {
    return { value: text.trim() === '' ? {} : JSON.parse(text) };
  } catch {
    return null;
  }
};

/** Of another type it begins anew. */
export const useConfig = (type: JobTypeAnswer | undefined): ConfigState => {
  const fields = type === undefined ? null : fieldsOf(type.config_schema);
  const [kept, setKept] = useState<{ of: string | undefined; texts: FieldTexts; json: string }>();
  const [wants_json, setWantsJson] = useState(false);
  const [stuck, setStuck] = useState<string | null>(null);
  const own = kept !== undefined && kept.of === type?.job_type ? kept : { texts: {}, json: '{}' };
  const as_json = wants_json || fields === null;
  const keep = (changed: Partial<{ texts: FieldTexts; json: string }>) =>
    setKept({ ...own, ...changed, of: type?.job_type });

  const toJson = () => {
    const { config } = configOf(fields ?? [], own.texts);
    keep({ json: JSON.stringify(config, null, 2) });
    setWantsJson(true);
  };
  const toFields = () => {
    const parsed = parse(own.json);
    const texts = parsed && textsOf(fields ?? [], parsed.value);
    if (parsed === null) return setStuck('This is not JSON yet.');
    if (texts === null) return setStuck('The fields cannot show all of this.');
    keep({ texts });
    setWantsJson(false);
  };
  const read = () => {
    if (!as_json) return configOf(fields ?? [], own.texts);
    const parsed = parse(own.json);
    if (parsed !== null) return { config: parsed.value, faults: new Map<string, string>() };
    return { config: null, faults: new Map([['config', 'This is not JSON.']]) };
  };

  return {
    fields,
    as_json,
    texts: own.texts,
    json: own.json,
    stuck,
    setText: (name, text) => keep({ texts: { ...own.texts, [name]: text } }),
    setJson: (json) => keep({ json }),
    turn: () => {
      setStuck(null);
      (as_json ? toFields : toJson)();
    },
    read,
    paths: as_json ? ['config'] : (fields ?? []).map(({ name }) => `config.${name}`),
  };
};
