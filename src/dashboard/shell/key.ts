// The API key of whoever sits here: kept for this tab only, and gone with it.

const NAME = 'cloud-jobs.api-key';

export const keptKey = (): string | null => sessionStorage.getItem(NAME);

export const keepKey = (key: string): void => sessionStorage.setItem(NAME, key);

export const forgetKey = (): void => sessionStorage.removeItem(NAME);
