// Asking over connections that are kept, and how long each answer took.
import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Question {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
}

export const ask = (port: number, { method, path, body }: Question): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => {
        if ((answer.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });

/** Milliseconds of each of `count` answers, `at_once` of them under way at any time. */
export const timesOf = async (
  port: number,
  question: (at: number) => Question,
  count: number,
  at_once: number,
): Promise<number[]> => {
  const times: number[] = [];
  let next = 0;
  const caller = async () => {
    while (next < count) {
      const asked = question(next);
      next += 1;
      const began = performance.now();
      await ask(port, asked);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: at_once }, caller));
  return times;
};

export const endAsking = (): void => agent.destroy();
