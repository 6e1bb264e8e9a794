// What the behaviour suite knows of a host: a place where the API runs, and how it is asked.

/** As it comes: nothing is unpacked, nothing is put together. */
export interface Received {
  status: number;
  headers: Headers;
  body: AsyncIterable<Uint8Array>;
}

export interface Sent {
  method: string;
  headers: Headers;
  body: Uint8Array | null;
}

export interface Place {
  /** the process's own */
  env: Record<string, string>;
  cwd: string;
}

export interface Served {
  send(path: string, sent: Sent): Promise<Received>;
  /** Ends it; answers what it has written to stderr. */
  stop(): Promise<string>;
}

export interface ApiHost {
  name: string;
  /** the address that its platform says requests of these tests come from */
  source_ip: string;
  /** whether an answer comes bit by bit */
  streams: boolean;
  start(place: Place): Promise<Served>;
}
