// The functions of the API as they are built, each under what stands for its platform.
import { join } from 'node:path';
import { frameworkWords } from '../../../handlers/hosts/gcp.ts';
import { serve } from '../../../handlers/hosts/process.ts';
import { type StoreName, useShipped } from '../../../handlers/hosts/shipped.ts';
import { root } from '../../../structure/source.ts';
import type { ApiHost, Place, Served } from './host.ts';
import { sendTo } from './over_http.ts';

/** Who calls, as the front ends of both clouds say it. */
const CALLER = '203.0.113.9';

const fileOf = (cloud: string, store: StoreName): string =>
  join(root, `dist/functions/${cloud}/${store}/http.cjs`);

const started = async (
  words: string[],
  place: Place,
  platform: Record<string, string>,
): Promise<Served> => {
  const { port, stop } = await serve(words, place);
  return {
    send: sendTo(port, platform),
    stop: async () => {
      const { code, stdout, stderr } = await stop();
      if (code !== 0 || stdout !== '') throw new Error(`${code}: ${stdout}${stderr}`);
      return stderr;
    },
  };
};

/** `sender`: who turns requests into events, and whether answers come bit by bit. */
const awsHost = (name: string, sender: 'url' | 'rest', store: StoreName): ApiHost => {
  const functions = useShipped();
  return {
    name,
    source_ip: CALLER,
    streams: sender === 'url',
    start: ({ env, cwd }) =>
      started([functions().aws_http, fileOf('aws', store), sender], { env, cwd }, {}),
  };
};

/** A function URL that streams. */
export const functionUrlHost = (name: string, store: StoreName = 'sqlite'): ApiHost =>
  awsHost(name, 'url', store);

/** A REST API of API Gateway, which passes on answers whole, and bytes as base64 text. */
export const restApiHost = (name: string, store: StoreName = 'sqlite'): ApiHost =>
  awsHost(name, 'rest', store);

export const cloudRunHost = (name: string, store: StoreName = 'sqlite'): ApiHost => {
  const functions = useShipped();
  return {
    name,
    source_ip: CALLER,
    streams: true,
    start: ({ env, cwd }) =>
      started(
        ['--import', functions().loopback, ...frameworkWords(fileOf('gcp', store), 'api', 'http')],
        { env: { NODE_ENV: 'production', ...env }, cwd },
        { 'x-forwarded-for': CALLER },
      ),
  };
};
