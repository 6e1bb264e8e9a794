// Runs a server on behalf of a test process, and cleans up after both: when the pipe from that
// process closes, for whatever reason, the server is stopped and its folder removed. Without a server
// it keeps but the folder.
import { spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const { commands, end_signal, folder, log_file } = JSON.parse(process.argv[2]);
const log = openSync(log_file, 'a');
let child;
let leaving = false;

// Nobody listens any more once the test process is gone.
process.stdout.on('error', () => {});
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

const leave = () => {
  // Others may be at the end of their own clean-up in it.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.exit(0);
};

/** Runs the commands from this one on; the last one is the server. */
const run = (index) => {
  const { command, args, env, uid, gid } = commands[index];
  const ended = (code, signal, error) => {
    child = undefined;
    if (leaving) leave();
    else if (code === 0 && index < commands.length - 1) run(index + 1);
    else say({ ended: command, code, signal, error });
  };
  child = spawn(command, args, { env, uid, gid, cwd: folder, stdio: ['ignore', log, log] });
  child.once('error', (error) => ended(null, null, error.message));
  child.once('exit', (code, signal) => ended(code, signal));
};

// The terminal's Ctrl-C is for the test process; its end is what counts here.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line === 'start') run(commands.length - 1);
    else child?.kill(line);
  })
  .on('close', () => {
    leaving = true;
    if (child === undefined) leave();
    child.kill(end_signal);
    // A server that does not heed the signal is not waited for.
    setTimeout(() => child.kill('SIGKILL'), 5000);
  });

if (commands.length > 0) run(0);
