// Cold starts: every function's file in fresh processes, beside bare clients and an empty handler.
import { functions, makeYardsticks, type Program } from './coldstart_programs.ts';
import { type Start, starterIn } from './coldstart_start.ts';
import { type Bench, type Figure, median, spread } from './figures.ts';
import { ratio } from './postgres/ratio.ts';
import { withFolder } from './scratch.ts';

const ROUNDS = 25;
const MAX_BYTES = 420_000;
const MAX_LOAD = 1.7;
const BARE = 'bare supabase-js';
const BARE_CLIENT = 'bare supabase-js, one client made';

interface Runner {
  program: Program;
  /** its handler is called, with nothing to do for it */
  call: boolean;
  starts: Start[];
}

const runnerOf = (call: boolean) => (program: Program) => ({ program, call, starts: [] });

/** A drain of an empty queue needs its store: that is there only where it is a file. */
const canAnswer = ({ name }: Program) => name === 'aws sqlite' || name === 'empty handler';

const timesOf = ({ starts }: Runner, what: keyof Start) => starts.map((start) => start[what]);

const figuresOf = (runners: Runner[], what: keyof Start, words: string): Figure[] =>
  runners.map((runner) => {
    const values = timesOf(runner, what);
    const framework = runner.program.before === null ? '' : '; the framework was there before';
    return {
      name: `${runner.program.name}, ${words}`,
      value: median(values),
      unit: what === 'memory' ? 'MB' : 'ms',
      note: `${spread(values)}${what === 'load' ? framework : ''}`,
    };
  });

const bytesOf = ({ program: { name, bytes } }: Runner): Figure => ({
  name: `${name}, size`,
  value: bytes,
  unit: 'bytes',
  ...(/^(aws|gcp) supabase$/.test(name) && { aim: { at_most: MAX_BYTES } }),
});

const ratiosOf = (runners: Runner[]): Figure[] => {
  const found = (name: string) => runners.find(({ program }) => program.name === name);
  const times = (name: string, what: keyof Start) => found(name)?.starts.map((one) => one[what]);
  return runners
    .filter(({ program }) => /^(aws|gcp) /.test(program.name))
    .flatMap((runner) => {
      const { name } = runner.program;
      const bare = ratio(
        `${name} ÷ ${BARE}, load`,
        timesOf(runner, 'load'),
        times(BARE, 'load') ?? [],
        name.endsWith(' supabase') ? { at_most: MAX_LOAD } : undefined,
      );
      const client = `${name} ÷ ${BARE_CLIENT}, load and warm-up`;
      const warm = ratio(client, timesOf(runner, 'done'), times(BARE_CLIENT, 'done') ?? []);
      return name.endsWith(' supabase') ? [bare, warm] : [bare];
    });
};

/** Rounds alternate between the programs, there and back; ratios are taken within a round. */
export const coldstart: Bench = (say, quick) =>
  withFolder(async (folder) => {
    const programs = [...(await makeYardsticks(folder)), ...functions()];
    const loading: Runner[] = programs.map(runnerOf(false));
    const answering: Runner[] = programs.filter(canAnswer).map(runnerOf(true));
    const start = starterIn(folder);
    const rounds = quick ? 3 : ROUNDS;
    say(`${rounds} rounds of ${loading.length + answering.length} fresh processes`);
    // The first round fills the system's cache of files, makes the tables, and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      const all = [...loading, ...answering];
      for (const { program, call, starts } of round % 2 === 0 ? all : all.toReversed()) {
        const one = start(program, call);
        if (round > 0) starts.push(one);
      }
    }
    return [
      ...loading.map(bytesOf),
      ...figuresOf(loading, 'load', 'load'),
      ...ratiosOf(loading),
      ...figuresOf(loading, 'done', 'load and warm-up'),
      ...figuresOf(answering, 'done', 'load and first answer, nothing to do'),
      ...figuresOf(loading, 'process', 'whole process'),
      ...figuresOf(loading, 'memory', 'memory'),
    ];
  });
