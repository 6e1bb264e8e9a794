// Files that people write, in YAML or JSON: read within bounds, each fault told with its line and column.
import type { Document, LineCounter, Node } from 'yaml';
import type { Desk } from './desk.ts';
import { aliasFaults, expandedLength } from './yaml_aliases.ts';

export interface YamlFile {
  content: unknown;
  /** the line of a value, or else of what it would be in; null = there is no such place */
  lineOf(path: string[]): number | null;
}

/** Never returns. */
export type RefuseFile = (faults: string[]) => never;

const MOST_BYTES = 1024 * 1024;
/** With every alias replaced by what it stands for. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
/** One slip of the pen may bring a fault with every line. */
const MOST_FAULTS = 20;

/** What the reader of YAML says of these is meant for who programs with it. */
const sentences: Record<string, string> = {
  MULTIPLE_DOCS: 'a second document begins here; expected one',
  RESOURCE_EXHAUSTION: 'too many levels, one within the other',
};

/** Where in the line YAML sees an alias, or a character it keeps for itself, and the person text. */
const UNQUOTED = /[:,[{-]\s+[*@]/;

interface Fault {
  at: number;
  message: string;
}

const faultsOf = ({ errors, warnings }: Document): Fault[] =>
  [...errors, ...warnings].map(({ code, message, pos }) => ({
    at: pos[0],
    message: sentences[code] ?? message,
  }));

/** In order, the first of each line. */
const told = (faults: Fault[], text: string, lines: LineCounter): string[] => {
  const byLine = new Map<number, string>();
  for (const { at, message } of faults.toSorted((one, other) => one.at - other.at)) {
    const { line, col } = lines.linePos(Math.max(0, at));
    if (byLine.has(line)) continue;
    const written = text.slice(lines.lineStarts[line - 1], lines.lineStarts[line]);
    const hint = UNQUOTED.test(written) ? '; a text that begins with * or @ must be in quotes' : '';
    byLine.set(line, `line ${line}, column ${col}: ${message}${hint}`);
  }
  const all = [...byLine.values()];
  if (all.length <= MOST_FAULTS) return all;
  return [...all.slice(0, MOST_FAULTS), `and faults in ${all.length - MOST_FAULTS} lines more`];
};

const readText = async (desk: Desk, path: string, refuse: RefuseFile): Promise<string> => {
  const text = await desk
    .readText(path)
    .catch((error: NodeJS.ErrnoException) => refuse([`cannot be read (${error.code ?? error})`]));
  if (Buffer.byteLength(text) > MOST_BYTES) refuse([`is larger than ${MOST_BYTES} bytes (1 MiB)`]);
  return text;
};

/** Anchors and merge keys are understood, tags of one's own are not. */
export const readYaml = async (desk: Desk, path: string, refuse: RefuseFile): Promise<YamlFile> => {
  const text = await readText(desk, path, refuse);
  const { isNode, LineCounter: Lines, parseDocument, visit } = await import('yaml');
  const lines = new Lines();
  // JSON is YAML too, so one reader serves both.
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    resolveKnownTags: false,
    schema: 'core',
    stringKeys: true,
  });
  const faults = [...faultsOf(document), ...aliasFaults(document, visit)];
  const sayAll = (all: Fault[]) =>
    refuse(told(all, text, lines).map((fault) => `is neither JSON nor YAML: ${fault}`));
  if (faults.length > 0) sayAll(faults);
  const content: unknown = document.toJS({ maxAliasCount: -1 });
  const length = expandedLength(content);
  if (length > MOST_CHARACTERS) {
    refuse([`comes to ${length} characters with its aliases; expected ${MOST_CHARACTERS} at most`]);
  }
  return {
    content,
    lineOf: (keys) => {
      for (let count = keys.length; count > 0; count -= 1) {
        const node: unknown = document.getIn(keys.slice(0, count), true);
        const range = isNode(node) ? (node as Node).range : null;
        if (range) return lines.linePos(range[0]).line;
      }
      return null;
    },
  };
};
