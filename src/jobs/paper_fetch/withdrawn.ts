// Whether a paper was withdrawn. The feed has no field for it: authors and arXiv's administrators
// say so in the comment, and in older papers in place of the abstract.

const WORK = '(?:paper|article|submission|manuscript|preprint|letter|note|report|thesis|work)';
const VERB = '(?:has|have|had|been|is|was|now|being|temporarily|hereby)';
const SAID_OF_THE_WORK = `(?:this|the|our)?\\s*${WORK}\\s+(?:${VERB}\\s+){0,4}withdrawn\\b`;

const IN_COMMENT = new RegExp(`(?:^|[.;:(]\\s*)(?:withdrawn\\b|${SAID_OF_THE_WORK})`, 'i');
const IN_ABSTRACT = new RegExp(`^\\W*(?:withdrawn\\b|${SAID_OF_THE_WORK})`, 'i');

/** An abstract counts only when it opens with the notice: papers also write about withdrawals. */
export const isWithdrawn = (comment: string | null, abstract: string): boolean =>
  IN_COMMENT.test(comment ?? '') || IN_ABSTRACT.test(abstract);
