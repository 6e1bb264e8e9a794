// `apply`: the schedules of a file.
import { basename } from 'node:path';
import type { Applied } from '../core/apply.ts';
import { InputError, type Problem } from '../errors.ts';
import type { AddCommands } from './command.ts';
import { type Desk, withOwnTypes } from './desk.ts';
import { count, oneLine } from './format.ts';
import type { Output } from './output.ts';
import { readYaml, type YamlFile } from './yaml.ts';

interface ApplyOptions {
  prune?: true;
  dryRun?: true;
}

const EXAMPLE = `
Example of a file:
  defaults:                  # of every schedule here that does not say otherwise
    timezone: Europe/Berlin
  schedules:
    - name: nightly-papers
      job_type: paper_fetch
      schedule_expression: "0 3 * * *"
      config: { keywords: [llm] }
      status: active         # or inactive

What a schedule says replaces what \`defaults\` say; so does its config, as a whole: the two are not
merged. A schedule of the same name that was made by hand becomes the file's. One that a person
paused stays paused, whatever the file says.`;

const readFile = (desk: Desk, path: string): Promise<YamlFile> =>
  readYaml(desk, path, (faults) => {
    throw new InputError(
      faults.map((message) => ({ path: '', message })),
      path,
    );
  });

/** `schedules[2].config.keywords` → schedules, 2, config, keywords */
const keysOf = (path: string): string[] => path.split(/[.[\]]+/).filter((key) => key !== '');

/** The same faults, each with its line, in the order of the file. */
const withLines = ({ problems }: InputError, { lineOf }: YamlFile): Problem[] =>
  problems
    .map((problem) => ({ ...problem, line: lineOf(keysOf(problem.path)) ?? 0 }))
    .toSorted((one, other) => one.line - other.line)
    .map(({ path, message, line }) => ({
      path,
      message: line === 0 ? message : `line ${line}: ${message}`,
    }));

const MOST_NAMED = 5;

const named = (names: string[]): string => {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const words = names.slice(0, MOST_NAMED).map((name) => oneLine(name, 60));
  return `${words.join(', ')}${more}`;
};

const printNotes = ({ note }: Output, { paused, left }: Applied): void => {
  if (paused.length > 0) {
    const stay = paused.length === 1 ? 'stays so' : 'stay so';
    note(`Paused, and ${stay} until \`cloud-jobs schedule resume\`: ${named(paused)}.`);
  }
  if (left.length > 0) {
    const [are, them] = left.length === 1 ? ['schedule is', 'it'] : ['schedules are', 'them'];
    note(`${left.length} applied ${are} not in the file; --prune deletes ${them}: ${named(left)}.`);
  }
};

const summary = (applied: Applied): string => {
  const { changes, unchanged, dry_run } = applied;
  if (changes.length === 0) {
    if (unchanged === 0) return 'Nothing to change: the file has no schedules.';
    const as = unchanged === 1 ? 'is as the file has it' : 'are as the file has them';
    return `Nothing to change: ${count(unchanged, 'schedule')} ${as}.`;
  }
  const counts = (['created', 'changed', 'adopted', 'deleted'] as const)
    .filter((action) => applied[action] > 0)
    .map((action) => `${applied[action]} ${dry_run ? 'to be ' : ''}${action}`);
  if (unchanged > 0) counts.push(`${unchanged} unchanged`);
  return `${dry_run ? 'Nothing was written' : 'Done'}: ${counts.join(', ')}.`;
};

const printApplied = async (output: Output, applied: Applied): Promise<void> => {
  if (applied.changes.length > 0) {
    const { printDifference } = await import('./difference.ts');
    printDifference(output, applied.changes);
    output.line();
  }
  output.line(summary(applied));
  printNotes(output, applied);
};

export const addApply: AddCommands = (program, act) => {
  program
    .command('apply')
    .summary('make the schedules those of a file, and show the difference')
    .description(
      'Creates and changes schedules to be as a YAML file has them, all or none, and shows the difference.',
    )
    .argument('<file>', 'YAML or JSON with `schedules`')
    .option('--prune', 'delete those that a file made once and that are not in this one')
    .option('--dry-run', 'show the difference and write nothing')
    .addHelpText('after', EXAMPLE)
    .helpGroup('Schedules:')
    .action(
      act<ApplyOptions>(
        async ({ desk, flags, options: { prune = false, dryRun = false } }, path = '') => {
          const file = await readFile(desk, path);
          return withOwnTypes(desk, flags, async ({ runner }) => {
            const { output } = desk;
            const applied = await runner.schedules
              .apply(file.content, { prune, dry_run: dryRun })
              .catch((error: unknown) => {
                if (!(error instanceof InputError)) throw error;
                throw new InputError(withLines(error, file), `${basename(path)} refused`);
              });
            if (output.json) output.data(applied);
            else await printApplied(output, applied);
            return 0;
          });
        },
      ),
    );
};
