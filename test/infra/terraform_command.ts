// The command `terraform` without providers and without the network: what it makes of values alone.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { tempFolder } from '../support/temp.ts';
import { files, gcp } from './hcl_gcp.ts';

/** No package brings it: it is there, or its tests are skipped. */
const program = 'terraform';

export interface Ran {
  code: number | null;
  /** both streams, each paragraph on a line of its own */
  said: string;
}

/** Runs `terraform` in `folder`, as on a machine without any configuration of its own. */
export const terraform = (folder: string, ...words: string[]): Ran => {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: env.PATH, HOME: folder, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
  });
  if (error) throw error;
  return { code: status, said: `${stdout}\n${stderr}`.replace(/\n(?!\n)/g, ' ') };
};

export const missingTerraform = (): string | undefined =>
  spawnSync(program, ['version']).error === undefined
    ? undefined
    : 'there is no command `terraform`';

/** A copy of the folder; only the files that need no provider, if so wished. */
export const copyOf = (names: string[] = Object.keys(files)): string => {
  const folder = tempFolder();
  for (const name of names) copyFileSync(join(gcp, name), join(folder, name));
  return folder;
};

const pure = ['variables.tf', 'variables_function.tf', 'variables_api.tf', 'locals.tf'];

const probe = `
output "values" {
  value = {
    api_secrets      = local.api_secrets
    attempt_deadline = local.attempt_deadline
    apis             = local.apis
    functions        = local.functions
    secrets          = local.secrets
    settings         = local.settings
    source_dir       = local.source_dir
  }
}
`;

export type Values = Record<string, unknown>;

/** What `values` come to; `said` holds the refusal if they are refused. */
export const evaluate = (values: Values): Ran & { locals: Values } => {
  const folder = copyOf(pure);
  writeFileSync(join(folder, 'probe.tf'), probe);
  writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify(values));
  const ran = terraform(folder, 'apply', '-auto-approve', '-input=false', '-no-color');
  if (ran.code !== 0) return { ...ran, locals: {} };
  const state = JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8'));
  return { ...ran, locals: state.outputs.values.value };
};
