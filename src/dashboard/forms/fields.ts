// The texts of a form's own fields, by name.
import { useState } from 'preact/hooks';

export type Texts<Name extends string> = Record<Name, string>;

export const useTexts = <Name extends string>(first: Texts<Name>) => {
  const [texts, setTexts] = useState(first);
  /** what an input takes: its value, and what is done with another one */
  const bind = (name: Name) => ({
    value: texts[name],
    onValue: (value: string) => setTexts((before) => ({ ...before, [name]: value })),
  });
  return { texts, bind };
};

/** Not given when it is empty. */
export const given = (text: string): string | undefined =>
  text.trim() === '' ? undefined : text.trim();

export const numberGiven = (text: string): number | undefined =>
  text.trim() === '' ? undefined : Number(text);

/** Of an input for a moment in the reader's zone, with the zone. */
export const momentGiven = (text: string): string | undefined => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

type Given<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };

/** Without what was not given. */
export const onlyGiven = <Values extends object>(values: Values): Given<Values> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Given<Values>;
