// Which account of the machine runs a server: Postgres refuses to run as root.
import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolder } from './memory.ts';

/** Empty: whoever runs this process. */
export interface Account {
  uid?: number;
  gid?: number;
}

const number = (flag: string, name: string): number =>
  Number(
    execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );

/** For root an account that every system has, so that no account has to be made. */
export const serverAccount = (): Account => {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: number('-u', name), gid: number('-g', name) };
    } catch {
      // The next one, then.
    }
  }
  throw new Error(
    'root may not run Postgres, and neither `postgres` nor `nobody` is an account here',
  );
};

/** A new folder that belongs to the account. */
export const serverFolder = ({ uid, gid }: Account): string => {
  // Root's own folder for temporary files may be closed to everybody else.
  const parent = uid === undefined ? tmpdir() : openFolder();
  const folder = mkdtempSync(join(realpathSync(parent), 'cloud-jobs-server-'));
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
};
