// The limiter that instances share: one row per key, holding until when its last turn lasts.
import type { Turn } from '../../core/store.ts';
import type { Database } from './database.ts';

const TAKE_TURN = `
  INSERT INTO cloud_job_throttles (key, busy_until) VALUES (:key, :busy_until)
  ON CONFLICT (key) DO UPDATE SET busy_until = excluded.busy_until`;

/** Whoever dies while waiting wastes one turn; nobody waits for it longer than that. */
export const takeTurn = (
  database: Database,
  key: string,
  seconds: number,
  longest_wait_seconds = Number.POSITIVE_INFINITY,
): Promise<Turn> =>
  database.write((now) => {
    const row = database.get('SELECT busy_until FROM cloud_job_throttles WHERE key = :key', {
      key,
    });
    const at = Math.max(
      Date.parse(now),
      row === undefined ? 0 : Date.parse(String(row.busy_until)),
    );
    const wait_seconds = (at - Date.parse(now)) / 1000;
    if (wait_seconds >= longest_wait_seconds) return { taken: false, wait_seconds };
    const busy_until = new Date(at + seconds * 1000).toISOString();
    database.run(TAKE_TURN, { key, busy_until });
    return { taken: true, wait_seconds };
  });
