// How an alert speaks to people: on one line, bounded, in characters that Slack takes for text.

const NAME_LENGTH = 100;

const cutLine = (text: string, length: number): string => {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
};

/** At most so many characters, none of them cut in two. */
export const cut = (text: string, length: number): string =>
  // Texts of megabytes are not taken apart into characters: none has more than two units.
  cutLine(text.slice(0, length * 2 + 1), length);

/** A name, as a person chose it. */
export const quoted = (name: string): string => `"${cut(name, NAME_LENGTH)}"`;

export const moment = (at: Date): string =>
  `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Two of the unit at least, so that rounding says little that is wrong. */
export const duration = (seconds: number): string => {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 120 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
};

/**
 * Slack reads `<!channel>` and links in a text: `&`, `<` and `>` are written as it asks for. Whatever
 * breaks a line becomes a space.
 */
export const slackText = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
