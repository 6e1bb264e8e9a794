// Plain questions to a function of the API, whole answers.
import { buffer } from 'node:stream/consumers';
import type { ApiHost, Served } from '../http/behaviour/hosts/host.ts';
import { tempFolder } from '../support/temp.ts';

const KEY = 'the-key-of-those-who-operate-all-this';
export const API_KEYS = `ops:write:${KEY}`;
export const withKey = { 'x-api-key': KEY };

export interface Told {
  status: number;
  type: string;
  text: string;
  /** undefined = it is no JSON */
  json: Record<string, unknown> | undefined;
}

/** With a body of JSON it is a POST. */
export const ask = async (
  { send }: Served,
  path: string,
  own: Record<string, string> = withKey,
  json?: object,
): Promise<Told> => {
  const headers = new Headers(own);
  if (json !== undefined) headers.set('content-type', 'application/json');
  const body = json === undefined ? null : Buffer.from(JSON.stringify(json));
  const answer = await send(path, { method: body === null ? 'GET' : 'POST', headers, body });
  const text = (await buffer(answer.body)).toString();
  const type = answer.headers.get('content-type') ?? '';
  return {
    status: answer.status,
    type,
    text,
    json: type.includes('json') ? JSON.parse(text) : undefined,
  };
};

/** A process of the function in a folder of its own. */
export const startApi = async (host: ApiHost, env: Record<string, string>): Promise<Served> =>
  host.start({ cwd: tempFolder(), env });
