// Where the clock of every store under test begins.

/** An hour nobody's wall clock shows: whatever reads the wrong clock is found out. */
export const START = new Date('2031-05-17T09:30:00.123Z');

/** A time of that day, `10:00`, or a whole moment, `2031-08-17T10:00`. */
export const at = (time: string): Date =>
  new Date(`${time.includes('T') ? time : `2031-05-17T${time}`}Z`);
