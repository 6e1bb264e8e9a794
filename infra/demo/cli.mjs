// The real command line as a child process: what a schedule, a container or a person would start.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/cloud-jobs.cjs', import.meta.url));

export const DATABASE_URL = 'sqlite:./cloud-jobs.db';

/**
 * Runs one command with --json and answers what it printed, parsed. A failed job (exit code 1) is an
 * answer too; anything else that is not 0 is thrown with what the command said.
 */
export const cloudJobs = async (words, env = {}) => {
  const child = spawn(process.execPath, [program, ...words, '--json'], {
    env: { ...process.env, DATABASE_URL, LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  const [code, out, said] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0 && (code !== 1 || out === '')) {
    throw new Error(`cloud-jobs ${words.join(' ')} ended with exit code ${code}:\n${said || out}`);
  }
  return JSON.parse(out);
};
