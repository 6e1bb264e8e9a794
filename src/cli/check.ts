// What `doctor` finds: one check, its verdict and a sentence.
export interface Check {
  check: string;
  verdict: 'ok' | 'warning' | 'failed';
  message: string;
}

const verdictOf =
  (verdict: Check['verdict']) =>
  (check: string, message: string): Check => ({ check, verdict, message });
export const ok = verdictOf('ok');
export const warning = verdictOf('warning');
export const failed = verdictOf('failed');
