// paper_fetch's config: its schema, the file it may name, and both merged.
import { promises as files } from 'node:fs';
import { extname } from 'node:path';
import * as z from 'zod';
import { Discard } from '../../errors.ts';
import { keywordTerm, type Question } from './query.ts';

const MAX_FILE_BYTES = 1024 * 1024;
/** arXiv refuses to page further than this */
const MAX_PAPERS = 30_000;
const DEFAULT_MAX_PAPERS = 100;

const quoted = ({ input }: { input?: unknown }) => JSON.stringify(input);

/** A list, or one text with commas between. */
const list = (item: z.ZodType<string>) =>
  z
    .preprocess(
      (given) => (typeof given === 'string' ? given.split(',') : given),
      z.array(item).max(100),
    )
    .optional();

// Built when it is first used: most functions that are loaded never do.
const fieldsOf = () => {
  const keyword = z
    .string()
    .trim()
    .max(300)
    .refine((text) => keywordTerm(text) !== null, {
      error: (issue) => `${quoted(issue)} holds no letter or digit to search for`,
    });

  const category = z
    .string()
    .trim()
    .regex(/^[a-z][a-z-]*(\.([a-z-]+|\*))?$/i, {
      error: (issue) => `${quoted(issue)} is not an arXiv category such as cs.AI or hep-th`,
    });

  return {
    keywords: list(keyword),
    categories: list(category),
    max_papers: z.number().int().min(1).max(MAX_PAPERS).optional(),
    days_back: z.number().positive().max(36_500).optional(),
    output: z.string().min(1).optional(),
  };
};

const fileSchema = z.lazy(() => z.strictObject(fieldsOf()));
type Fields = z.output<typeof fileSchema>;

const isEmpty = ({ keywords, categories }: Fields): boolean =>
  (keywords ?? []).length === 0 && (categories ?? []).length === 0;

export const configSchema = z.lazy(() =>
  z
    .strictObject({ ...fieldsOf(), config_path: z.string().min(1).optional() })
    .refine((config) => config.config_path !== undefined || !isEmpty(config), {
      path: ['keywords'],
      error: 'at least one of keywords and categories is needed',
    }),
);
export type PaperFetchConfig = z.output<typeof configSchema>;

/** A config with the file merged in and every default filled in. */
export interface Search extends Question {
  max_papers: number;
  output: string | null;
}

const parseText = async (path: string, text: string): Promise<unknown> => {
  if (extname(path).toLowerCase() === '.json') return JSON.parse(text);
  // Loaded here because most jobs name no file.
  const { parse } = await import('yaml');
  return parse(text);
};

const readText = async (path: string): Promise<unknown> => {
  const { size } = await files.stat(path);
  if (size > MAX_FILE_BYTES) throw new Error(`it is larger than ${MAX_FILE_BYTES} bytes`);
  return parseText(path, await files.readFile(path, 'utf8'));
};

const readFields = async (path: string): Promise<Fields> => {
  const refuse = (why: string): Discard =>
    new Discard(`config_path ${path} cannot be used: ${why}`);
  const content = await readText(path).catch((error: Error) => {
    throw refuse(error.message.split('\n')[0] ?? 'it cannot be read');
  });
  const parsed = fileSchema.safeParse(content ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`,
  );
  throw refuse(faults.join('; '));
};

/**
 * The search to make: fields of the job win over those of the file. Throws Discard when the file
 * cannot be used or nothing is left to search for.
 */
export const resolveSearch = async ({ config_path, ...own }: PaperFetchConfig): Promise<Search> => {
  const file = config_path === undefined ? {} : await readFields(config_path);
  const merged: Fields = { ...file, ...own };
  if (isEmpty(merged)) {
    throw new Discard(
      `at least one of keywords and categories is needed, here or in ${config_path}`,
    );
  }
  return {
    keywords: merged.keywords ?? [],
    categories: merged.categories ?? [],
    days_back: merged.days_back ?? null,
    max_papers: merged.max_papers ?? DEFAULT_MAX_PAPERS,
    output: merged.output ?? null,
  };
};
