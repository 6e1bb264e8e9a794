// Where in the dashboard one is: kept in the hash, so that links and the back button work.
import { useEffect, useState } from 'preact/hooks';

export interface Place {
  /** `#/job/a%2Fb` is `['job', 'a/b']` */
  path: string[];
  query: URLSearchParams;
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray % that someone typed: then it means itself
  }
};

export const placeOf = (hash: string): Place => {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return {
    path: path.split('/').filter(Boolean).map(decoded),
    query: new URLSearchParams(query),
  };
};

/** The hash of a place; what is null or empty is left out of the query. */
export const hrefOf = (
  path: readonly string[],
  query: Record<string, string | null> = {},
): string => {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== '');
  const search = new URLSearchParams(given as [string, string][]).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search && `?${search}`}`;
};

export const jobHref = (job_id: string): string => hrefOf(['job', job_id]);
export const scheduleHref = (schedule_id: string): string => hrefOf(['schedule', schedule_id]);

export const go = (href: string): void => {
  location.hash = href;
};

/** The present hash; rendered anew when it changes. */
export const useHash = (): string => {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const look = () => setHash(location.hash);
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return hash;
};
