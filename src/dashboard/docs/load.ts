// Fetches openapi.json with the key of this tab.
import { useEffect, useState } from 'preact/hooks';
import type { Json } from '../../core/json.ts';
import { apiUrl, sentenceOf, useAccess } from '../shell/access.ts';

export const useDocument = (): { document: Json; sentence: string | null } => {
  const { key, onRefused } = useAccess();
  const [document, setDocument] = useState<Json>(null);
  const [sentence, setSentence] = useState<string | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    const load = async () => {
      const headers = key === null ? {} : { 'X-API-Key': key };
      const response = await fetch(`${apiUrl()}/openapi.json`, { headers, signal: gone.signal });
      if (response.status === 401) return onRefused();
      if (!response.ok) throw new Error(`openapi.json was answered with ${response.status}.`);
      setDocument(await response.json());
    };
    load().catch((error: unknown) => {
      if (!gone.signal.aborted) setSentence(sentenceOf(error));
    });
    return () => gone.abort();
  }, [key]);
  return { document, sentence };
};
