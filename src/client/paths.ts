// Addresses of the API's things.

/** A segment of an address; throws a TypeError for an id that none can have. */
const segment = (id: string): string => {
  // Browsers take dots for the way up, also when they are escaped.
  if (id === '' || id === '.' || id === '..') throw new TypeError(`"${id}" is no id.`);
  return encodeURIComponent(id);
};

export const BASE = '/api/v1';

export const jobPath = (job_id: string): string => `${BASE}/jobs/${segment(job_id)}`;

export const schedulePath = (id_or_name: string): string =>
  `${BASE}/schedules/${segment(id_or_name)}`;
