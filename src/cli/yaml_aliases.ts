// Aliases of a YAML file: which lead nowhere, and how much they make of it.
import type { Document, visit as Visit } from 'yaml';

/** Each is looked for among all of them. */
const MOST_ALIASES = 10_000;

interface Fault {
  /** characters from the beginning of the file */
  at: number;
  message: string;
}

/** Aliases without an anchor before them, or within their own, or too many. */
export const aliasFaults = (document: Document, visit: typeof Visit): Fault[] => {
  const anchors = new Set<string>();
  const faults: Fault[] = [];
  let aliases = 0;
  visit(document, {
    Value: (_key, { anchor }) => {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Alias: (_key, { source, range }, path) => {
      const at = range?.[0] ?? 0;
      aliases += 1;
      const around = path.some((node) => 'anchor' in node && node.anchor === source);
      if (!anchors.has(source)) {
        faults.push({ at, message: `*${source} has no anchor &${source} before it` });
      } else if (around) faults.push({ at, message: `*${source} stands within its own anchor` });
      if (aliases === MOST_ALIASES + 1) {
        faults.push({ at, message: `expected at most ${MOST_ALIASES} aliases` });
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return faults;
};

/** About how many characters of JSON it is. What is shared is looked at once. */
export const expandedLength = (content: unknown): number => {
  const known = new Map<object, number>();
  const lengthOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return String(value).length + 2;
    const before = known.get(value);
    if (before !== undefined) return before;
    let length = 2;
    for (const [key, item] of Object.entries(value)) length += key.length + 4 + lengthOf(item);
    known.set(value, length);
    return length;
  };
  return lengthOf(content);
};
