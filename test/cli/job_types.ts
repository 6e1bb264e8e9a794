// Job types for processes of their own, as the text of a module that imports nothing.

/** One type that does nothing and answers `done`. */
export const nothing = `
  const config = { safeParseAsync: async (data) => ({ success: true, data }) };
  export const own = { type: 'nothing', config, run: () => 'done' };`;
