// What it takes to make a Postgres from nothing: a folder, the programs, and how to call them.
import { chownSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverAccount, serverFolder } from './account.ts';
import { postgresPrograms } from './binaries.ts';
import type { Command } from './kept.ts';

export interface ClusterOptions {
  port: number;
  superuser: string;
  password: string;
  auth: 'scram-sha-256' | 'trust';
  settings: Record<string, string | number>;
}

/** The commands that make it and run it; the folder is whoever's that runs them. */
export const prepareCluster = ({
  port,
  superuser,
  password,
  auth,
  settings,
}: ClusterOptions): { folder: string; commands: Command[] } => {
  const account = serverAccount();
  const folder = serverFolder(account);
  try {
    const programs = postgresPrograms(folder, account);
    const data = join(folder, 'data');
    const secret = join(folder, 'password');
    writeFileSync(secret, password, { mode: 0o600 });
    if (account.uid !== undefined && account.gid !== undefined) {
      chownSync(secret, account.uid, account.gid);
    }
    // Sorting as the hosted databases do, which is not how JavaScript sorts.
    const locale = ['--locale=C', '--locale-provider=icu', '--icu-locale=en-US', '-E', 'UTF8'];
    const login = ['-U', superuser, `--pwfile=${secret}`, '-A', auth];
    const all = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', ...settings };
    const flags = Object.entries(all).map(([name, value]) => `--${name}=${value}`);
    const steps: [string, string[]][] = [
      ['initdb', ['-D', data, '--no-sync', ...login, ...locale]],
      ['postgres', ['-D', data, ...flags]],
    ];
    const commands = steps.map(([program, args]) => {
      return { command: join(programs, program), args, env: { LC_ALL: 'C' }, ...account };
    });
    return { folder, commands };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
};
