// The wire to Postgres counts what goes over it, and breaks where a test says.
import { afterEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { describePostgres, newDatabase } from './postgres.ts';
import { query } from './servers/postgres.ts';
import { startWire, type Wire } from './servers/wire.ts';

const opened: { end(): Promise<void> }[] = [];
const wires: Wire[] = [];

afterEach(async () => {
  for (const wire of wires.splice(0)) wire.stop();
  for (const client of opened.splice(0)) await client.end().catch(() => {});
});

const wireTo = async (url: string, delay_ms?: number): Promise<Wire> => {
  const wire = await startWire(url, delay_ms === undefined ? {} : { delay_ms });
  wires.push(wire);
  return wire;
};

const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  // A broken wire is told of here as well as by the query.
  client.on('error', () => {});
  opened.push(client);
  await client.connect();
  return client;
};

describePostgres('a wire to Postgres', () => {
  test('counts the set-up of a connection apart from the queries on it', async () => {
    const wire = await wireTo((await newDatabase()).url);
    const client = await connect(wire.url);
    expect(wire.trips).toEqual({ connections: 1, setup: 3, queries: 0 });
    await client.query('SELECT 1');
    await client.query('SELECT $1::text', ['x'.repeat(200_000)]);
    await client.query('SELECT repeat($1::text, 300000)', ['x']);
    expect(wire.trips).toEqual({ connections: 1, setup: 3, queries: 3 });
    await client.end();
    expect(wire.trips.queries).toBe(3);
  });

  test('counts one round trip for a statement that goes by a name, and two for a transaction', async () => {
    const wire = await wireTo((await newDatabase()).url);
    const client = await connect(wire.url);
    for (const values of [['a'], ['b']]) {
      await client.query({ name: 'one', text: 'SELECT $1::text', values });
    }
    expect(wire.trips.queries).toBe(2);
    wire.reset();
    await client.query('BEGIN');
    await client.query('COMMIT');
    expect(wire.trips).toEqual({ connections: 0, setup: 0, queries: 2 });
  });

  test('is as long as asked, in both directions', async () => {
    const wire = await wireTo((await newDatabase()).url, 40);
    const client = await connect(wire.url);
    const started = performance.now();
    await client.query('SELECT 1');
    expect(performance.now() - started).toBeGreaterThanOrEqual(79);
  });

  test('loses the answer of a query that the server has done', async () => {
    const { url } = await newDatabase();
    await query(url, 'CREATE TABLE done (x text)');
    const wire = await wireTo(url);
    const client = await connect(wire.url);
    wire.breaks('lose_answer', /INSERT/);
    await client.query('SELECT 1');
    await expect(client.query("INSERT INTO done VALUES ('x')")).rejects.toThrow(
      'Connection termin',
    );
    expect(await query(url, 'SELECT * FROM done')).toEqual([{ x: 'x' }]);
    await expect(connect(wire.url)).resolves.toBeDefined();
  });

  test('loses a query before the server has heard of it', async () => {
    const { url } = await newDatabase();
    await query(url, 'CREATE TABLE done (x text)');
    const wire = await wireTo(url);
    const client = await connect(wire.url);
    wire.breaks('lose_request', /INSERT/);
    await expect(client.query("INSERT INTO done VALUES ('x')")).rejects.toThrow(
      'Connection termin',
    );
    expect(await query(url, 'SELECT * FROM done')).toEqual([]);
  });

  test('holds everything up until it is told to go on', async () => {
    const wire = await wireTo((await newDatabase()).url);
    const client = await connect(wire.url);
    wire.hang();
    let answered = false;
    const asking = client.query('SELECT 1 AS one').then(({ rows }) => {
      answered = true;
      return rows;
    });
    // The server itself goes on answering.
    await newDatabase();
    expect(answered).toBe(false);
    wire.resume();
    await expect(asking).resolves.toEqual([{ one: 1 }]);
  });

  test('refuses connections while it is shut, and leaves open ones alone until they are cut', async () => {
    const wire = await wireTo((await newDatabase()).url);
    const client = await connect(wire.url);
    wire.shut();
    await expect(connect(wire.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await client.query('SELECT 1');
    await wire.open();
    await connect(wire.url);
    const ended = new Promise((resolve) => client.once('end', resolve));
    wire.cut();
    await ended;
  });

  test('hands on what a server says before it ends a connection', async () => {
    const { url, admin_url } = await newDatabase();
    const client = await connect((await wireTo(url, 5)).url);
    const [row] = (await client.query('SELECT pg_backend_pid() AS pid')).rows;
    const waiting = client.query('SELECT pg_sleep(60)');
    void query(admin_url, `SELECT pg_terminate_backend(${row.pid})`);
    await expect(waiting).rejects.toMatchObject({ code: '57P01' });
  });
});
