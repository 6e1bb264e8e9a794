// The dashboard's files, as the build has packed them.

export interface Asset {
  content_type: string;
  /** changes with the content */
  etag: string;
  /** gzip, in base64 */
  gzip: string;
}

export interface Assets {
  /** by path: `/`, `/docs`, `/assets/dashboard.js`; they are read when the first is asked for */
  get(path: string): Promise<Asset | undefined>;
}
