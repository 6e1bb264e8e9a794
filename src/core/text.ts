// Texts that every store keeps as they are. Postgres takes no NUL, and no database half of a
// surrogate pair: such characters are refused where a person or code chose the text, and replaced in
// what an execution says of itself, which must never keep its outcome from being recorded.

const UNKEPT = /[\0\p{Cs}]/u;

/** Said of a text that is refused. */
export const UNKEPT_FAULT = 'holds U+0000 or half a character, which no store keeps';

/** Whether every store gives this text back as it went in. */
export const isKept = (text: string): boolean => !UNKEPT.test(text);

/** The text, or its beginning of `length` characters, with U+FFFD for whatever no store keeps. */
export const keptText = (text: string, length = Number.POSITIVE_INFINITY): string =>
  text.slice(0, length).replace(/[\0\p{Cs}]/gu, '\ufffd');
