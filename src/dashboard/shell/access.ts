// The API as the views reach it, and who is told when it wants a key.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { ApiError, type Client, createClient } from '../../client/client.ts';

export interface Access {
  client: Client;
  /** null = none was asked for yet */
  key: string | null;
  /** the API answered that there is no key, or a wrong one */
  onRefused: () => void;
}

export const AccessContext = createContext<Access | null>(null);

/** Throws outside of the page that provides it. */
export const useAccess = (): Access => {
  const access = useContext(AccessContext);
  if (access === null) throw new Error('There is no access to the API here.');
  return access;
};

/** Where this page came from, also behind a proxy that puts a path before it. */
export const apiUrl = (): string => new URL('.', location.href).href.replace(/\/$/, '');

export const clientOf = (key: string | null): Client =>
  createClient({ url: apiUrl(), api_key: key ?? undefined });

export const wantsKey = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 401;

/** There is no such job or schedule. */
export const isMissing = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 404;

/** What went wrong, as a sentence. */
export const sentenceOf = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? error.message : 'Something went wrong.';
