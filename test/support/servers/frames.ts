// Reads what Postgres says on a connection as far as the types of its messages.

/** The last message of every answer, and of the set-up of a connection. */
export const READY_FOR_QUERY = 'Z';

const LENGTH = 4;

/**
 * Takes the server's bytes as they come, and answers the types of the messages that begin in them.
 * `skip(1)` for the one byte that answers a client's wish for encryption.
 */
export const createFrames = () => {
  let skipping = 0;
  let header = Buffer.alloc(0);
  return {
    skip: (bytes: number): void => {
      skipping += bytes;
    },
    types: (chunk: Buffer): string[] => {
      const types: string[] = [];
      let at = 0;
      while (at < chunk.length) {
        const over = Math.min(skipping, chunk.length - at);
        skipping -= over;
        at += over;
        const missing = 1 + LENGTH - header.length;
        header = Buffer.concat([header, chunk.subarray(at, at + missing)]);
        at += missing;
        if (header.length < 1 + LENGTH) break;
        types.push(String.fromCharCode(header.readUInt8(0)));
        // A message's length counts itself.
        skipping = header.readUInt32BE(1) - LENGTH;
        header = Buffer.alloc(0);
      }
      return types;
    },
  };
};

/** Whether a client's first bytes only ask for encryption. */
export const asksForEncryption = (chunk: Buffer): boolean =>
  chunk.length === 8 && [80877103, 80877104].includes(chunk.readUInt32BE(4));
