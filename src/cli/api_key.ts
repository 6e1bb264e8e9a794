// `api-key`: a new key for the HTTP API, and what to set for it.
import { createHash, randomBytes } from 'node:crypto';
import { Option } from 'commander';
import { InputError } from '../errors.ts';
import { settingRow } from '../settings/table.ts';
import type { AddCommands } from './command.ts';
import { oneLine } from './format.ts';

interface KeyOptions {
  scope: 'read' | 'write';
}

/** Every other part of a new entry is right by itself. */
const refuseName = (name: string, entry: string): void => {
  if (settingRow('api_keys').fault?.(entry) === undefined) return;
  const expected = 'expected 1 to 100 letters, digits, dots, dashes and underscores';
  throw new InputError([
    { path: 'name', message: `"${oneLine(name, 60)}" is no name; ${expected}` },
  ]);
};

export const addApiKey: AddCommands = (program, act) => {
  program
    .command('api-key')
    .summary('make a key for the HTTP API')
    .description(
      'Makes a new key, and the entry of API_KEYS by which it is known. Nothing is stored: the key is shown once.',
    )
    .argument('<name>', 'who is to use it: the actor of all that is done with it')
    .addOption(
      new Option('--scope <word>', 'what it may do; write may read as well')
        .choices(['read', 'write'])
        .default('write'),
    )
    .helpGroup('Set-up:')
    .action(
      act<KeyOptions>(async ({ desk: { output }, options: { scope } }, name = '') => {
        const key = randomBytes(32).toString('base64url');
        const sha256 = createHash('sha256').update(key).digest('hex');
        const entry = `${name}:${scope}:sha256:${sha256}`;
        refuseName(name, entry);
        if (output.json) {
          output.data({ name, scope, key, entry });
          return 0;
        }
        output.line(`key    ${key}`);
        output.line(`entry  ${entry}`);
        output.note('Add the entry to API_KEYS, after a comma; send the key as X-API-Key.');
        return 0;
      }),
    );
};
